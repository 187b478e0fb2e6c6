import { Modal } from '@mantine/core';
import classes from './commands.module.css';
import { COMMANDS, keyLabel, onMac } from './keymap.ts';

const GROUPS = [...new Set(COMMANDS.map((command) => command.group))];

/** Every key the editor knows, from the keymap. */
export function KeymapSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const mac = onMac(navigator.platform);
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="xl">
      <div className={classes['sheet']}>
        {GROUPS.map((group) => (
          <section key={group} className={classes['sheetGroup']} aria-label={group}>
            <h3 className={classes['sheetHeading']}>{group}</h3>
            <dl className={classes['sheetList']}>
              {COMMANDS.filter((command) => command.group === group && command.keys.length > 0).map((command) => (
                <div key={command.id} className={classes['sheetRow']}>
                  <dt>
                    {command.title}
                    {command.note === undefined ? null : <span className={classes['sheetNote']}>{command.note}</span>}
                  </dt>
                  <dd>
                    {command.keys.map((keys) => (
                      <kbd key={keys} className={classes['key']}>
                        {keyLabel(keys, mac)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
