import { usePeers } from '../shared/session/presence.ts';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import { PersonAvatar } from '../shared/ui/person-avatar.tsx';
import classes from './editor.module.css';

const SHOWN = 5;

/** Avatars of everybody who has this pipeline open; one per person, however many tabs. */
export function PeopleHere() {
  const me = useSignedIn();
  const peers = usePeers();
  const others = [...new Map(peers.filter((peer) => peer.user.id !== me.id).map((peer) => [peer.user.id, peer.user])).values()];
  const rest = others.slice(SHOWN);
  return (
    <div className={classes['people']} role="group" aria-label={`People here: ${1 + others.length}`}>
      {others.slice(0, SHOWN).map((user) => (
        <PersonAvatar key={user.id} name={user.name} color={user.color} />
      ))}
      {rest.length > 0 ? <PersonAvatar name={`+${rest.length}`} note={rest.map((user) => user.name).join(', ')} /> : null}
      <PersonAvatar name={me.name} note="you" />
    </div>
  );
}
