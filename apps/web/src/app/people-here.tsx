import { UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import { usePipelineSession } from '../shared/session/pipeline-session.ts';
import { usePeers } from '../shared/session/presence.ts';
import { useProjectPeers } from '../shared/session/project-presence.ts';
import { cardAddress } from '../shared/ui/card-address.ts';
import { PersonAvatar } from '../shared/ui/person-avatar.tsx';
import classes from './editor.module.css';

const SHOWN = 5;

/**
 * Avatars of everybody who has this pipeline open, and of who is in a card file of the project: a click follows them there.
 * One per person, however many tabs.
 */
export function PeopleHere() {
  const me = useSignedIn();
  const { projectId, cards } = usePipelineSession();
  const here = new Map(
    usePeers()
      .filter((peer) => peer.user.id !== me.id)
      .map((peer) => [peer.user.id, peer.user]),
  );
  const paths = new Map([...cards.values()].map(({ cardId, path }) => [cardId, path]));
  const inFiles = useProjectPeers().flatMap(({ user, at }) =>
    at && 'cardId' in at && user.id !== me.id && !here.has(user.id) ? [{ user, ...at }] : [],
  );
  const writers = [...new Map(inFiles.map((one) => [one.user.id, one])).values()];
  const others = [...here.values()];
  const rest = others.slice(SHOWN);
  return (
    <div className={classes['people']} role="group" aria-label={`People here: ${1 + others.length + writers.length}`}>
      {writers.slice(0, SHOWN).map(({ user, cardId, line }) => {
        const where = `in ${paths.get(cardId)?.split('/').at(-1) ?? 'another file'}, line ${line}`;
        return (
          <UnstyledButton
            key={user.id}
            component={Link}
            to={cardAddress(projectId, cardId, { follow: user.id })}
            className={classes['elsewhere']}
            aria-label={`${user.name}, ${where}: click to follow`}
          >
            <PersonAvatar name={user.name} color={user.color} note={`${where}; click to follow`} />
          </UnstyledButton>
        );
      })}
      {others.slice(0, SHOWN).map((user) => (
        <PersonAvatar key={user.id} name={user.name} color={user.color} />
      ))}
      {rest.length > 0 ? <PersonAvatar name={`+${rest.length}`} note={rest.map((user) => user.name).join(', ')} /> : null}
      <PersonAvatar name={me.name} note="you" />
    </div>
  );
}
