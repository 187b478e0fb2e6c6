/** A client of the socket of live logs that keeps nothing but what it was sent: it fills no gap by itself and does not reconnect. */
import { decodeLogPieces, type LiveMetrics, type LiveNews, type LiveRequest, type LogPiece } from '@ensemble/protocol';
import { WebSocket } from 'ws';

export interface LiveClient {
  readonly pieces: LogPiece[];
  readonly news: LiveNews[];
  readonly metrics: LiveMetrics[];
  /** Messages of any kind. */
  messages(): number;
  ask(request: LiveRequest): void;
  /** Called with every piece, also those that are in `pieces`. */
  onPiece: (piece: LogPiece) => void;
  close(): void;
}

/** `keep` false: pieces are handed to `onPiece` only. */
export async function openLiveClient(url: string, headers: Record<string, string>, keep = true): Promise<LiveClient> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
  let messages = 0;
  const client: LiveClient = {
    pieces: [],
    news: [],
    metrics: [],
    messages: () => messages,
    ask: (request) => socket.send(JSON.stringify(request)),
    onPiece: () => undefined,
    close: () => socket.close(),
  };
  socket.on('message', (data: Buffer, isBinary) => {
    messages += 1;
    if (!isBinary) {
      const news = JSON.parse(data.toString()) as LiveNews;
      client.news.push(news);
      if (news.kind === 'metrics') client.metrics.push(...news.news);
      return;
    }
    for (const piece of decodeLogPieces(data)) {
      if (keep) client.pieces.push(piece);
      client.onPiece(piece);
    }
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return client;
}
