import { usePeersAt } from './peers-at.ts';
import classes from './peer-mark.module.css';

/** An outline and the names of the people who have this node selected, or type in it. */
export function PeerMark({ nodeId }: { nodeId: string }) {
  const peers = usePeersAt(nodeId);
  const peer = peers[0];
  if (!peer) return null;
  return (
    <>
      <span className={classes['outline']} style={{ borderColor: peer.color }} aria-hidden />
      <span className={classes['names']} style={{ background: peer.color }}>
        {peers.map(({ name, editing }) => (editing ? `${name} is editing` : name)).join(', ')}
      </span>
    </>
  );
}
