/** A table of ten columns as a CSV file: numbers, texts, days, gaps. The same one for every seed and number of rows. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { seededRandom } from '@ensemble/testkit';

const PIECE = 10_000;

export async function makeTable(file: string, rows: number): Promise<void> {
  const random = seededRandom(1);
  const out = createWriteStream(file);
  out.write('id,day,name,city,x,y,price,flag,count,note\n');
  for (let from = 0; from < rows; from += PIECE) {
    let text = '';
    for (let id = from; id < Math.min(rows, from + PIECE); id += 1) {
      const day = new Date(1_577_836_800_000 + (id % 1_000) * 86_400_000).toISOString().slice(0, 10);
      const part = Math.floor(random.next() * 1_000);
      text += `${id},${day},name ${part},city ${part % 40},${random.next()},${(random.next() * 1_000).toFixed(3)},${(random.next() * 100).toFixed(2)},${id % 7 === 0},${part},${id % 5 === 0 ? '' : `note ${id}`}\n`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}
