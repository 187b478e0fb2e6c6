import { useViewport, ViewportPortal } from '@xyflow/react';
import { usePeers } from '../../shared/session/presence.ts';
import classes from './cursors.module.css';

/** Other people's pointers, at their place on the canvas and at a constant size. */
export function Cursors() {
  const peers = usePeers();
  const { zoom } = useViewport();
  return (
    <ViewportPortal>
      {peers.map(({ clientId, user, cursor }) =>
        cursor ? (
          <div
            key={clientId}
            className={classes['cursor']}
            data-testid="peer-cursor"
            style={{ transform: `translate(${cursor.x}px, ${cursor.y}px) scale(${1 / zoom})` }}
          >
            <svg width="16" height="18" viewBox="0 0 16 18" aria-hidden>
              <path d="M1.2 1.1 14.2 9.4 8 10.6 4.9 16.4Z" fill={user.color} stroke="#fff" strokeWidth="1.2" strokeLinejoin="round" />
            </svg>
            <span className={classes['name']} style={{ background: user.color }}>
              {user.name}
            </span>
          </div>
        ) : null,
      )}
    </ViewportPortal>
  );
}
