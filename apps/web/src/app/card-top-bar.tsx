import { ActionIcon, Button, Tooltip, UnstyledButton } from '@mantine/core';
import type { Project, ProjectCardEntry, ProjectPipelineEntry } from '@ensemble/protocol';
import { ArrowLeft, Redo2, Undo2 } from 'lucide-react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { OpenCode } from '../features/code/code-editor.tsx';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { useProjectPeers } from '../shared/session/project-presence.ts';
import type { ProjectPeer } from '../shared/session/project-presence.ts';
import { useUndoOf } from '../shared/session/use-undo.ts';
import { useYMapEntries } from '../shared/session/y-map-values.ts';
import { AccountMenu, Brand } from '../shared/ui/page-shell.tsx';
import { PersonAvatar } from '../shared/ui/person-avatar.tsx';
import { ThemeToggle } from '../shared/ui/theme-toggle.tsx';
import classes from './card-page.module.css';
import editor from './editor.module.css';
import { SaveIndicator } from './save-indicator.tsx';
import type { Following } from './use-followed-person.ts';

interface CardTopBarProps {
  project: Project;
  entry: ProjectCardEntry;
  index: LiveDocument;
  live: LiveDocument | undefined;
  code: OpenCode | undefined;
  readOnly: string | undefined;
  following: Following;
}

/** Where this file is, whether it is saved, who is in it, and my own steps back. */
export function CardTopBar({ project, entry, index, live, code, readOnly, following }: CardTopBarProps) {
  const undo = useUndoOf(code?.binding?.undo, readOnly === undefined);
  const model = code?.editor.getModel();
  return (
    <>
      <header className={classes['top']}>
        <Brand />
        <nav className={editor['crumbs']} aria-label="Where you are">
          <span className={editor['slash']} aria-hidden>
            /
          </span>
          <Link className={editor['crumb']} to={`/projects/${project.id}`}>
            {project.name}
          </Link>
          <span className={editor['slash']} aria-hidden>
            /
          </span>
        </nav>
        <h1 className={classes['title']}>{entry.manifest?.displayName ?? entry.path.split('/').at(-1)}</h1>
        {live ? <SaveIndicator live={live} /> : null}
        <BackToPipeline index={index} />
        <span className={editor['spacer']} />
        <PeopleInFiles projectId={project.id} entry={entry} index={index} following={following} />
        {readOnly === undefined ? (
          <>
            <Tooltip label="Undo my last step (Ctrl+Z)">
              <ActionIcon size="lg" aria-label="Undo" disabled={!undo.canUndo} onClick={() => void model?.undo()}>
                <Undo2 size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Redo (Ctrl+Shift+Z)">
              <ActionIcon size="lg" aria-label="Redo" disabled={!undo.canRedo} onClick={() => void model?.redo()}>
                <Redo2 size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null}
        <span className={editor['divider']} aria-hidden />
        <ThemeToggle />
        <AccountMenu />
      </header>
      <FollowBanner following={following} />
    </>
  );
}

/** To the canvas, and the node, that one came from. */
function BackToPipeline({ index }: { index: LiveDocument }) {
  const [params] = useSearchParams();
  const pipelines = useYMapEntries<ProjectPipelineEntry>(index.doc, 'pipelines');
  const pipeline = pipelines.get(params.get('pipeline') ?? '');
  if (!pipeline) return null;
  const node = params.get('node');
  return (
    <Button
      component={Link}
      to={`/pipelines/${pipeline.pipelineId}${node === null ? '' : `?node=${encodeURIComponent(node)}`}`}
      size="compact-sm"
      variant="default"
      leftSection={<ArrowLeft size={14} aria-hidden />}
    >
      Back to {pipeline.name}
    </Button>
  );
}

/** Everybody in the project, once each: who is in this file, in another one, or on a canvas. A click goes to them, and follows. */
function PeopleInFiles({
  projectId,
  entry,
  index,
  following,
}: {
  projectId: string;
  entry: ProjectCardEntry;
  index: LiveDocument;
  following: Following;
}) {
  const me = useSignedIn();
  const navigate = useNavigate();
  const entries = useYMapEntries<ProjectCardEntry>(index.doc, 'cards');
  const pipelines = useYMapEntries<ProjectPipelineEntry>(index.doc, 'pipelines');
  const isHere = ({ at }: ProjectPeer) => at !== null && at !== undefined && 'cardId' in at && at.cardId === entry.cardId;
  const rank = (peer: ProjectPeer) => (isHere(peer) ? 0 : peer.at && 'cardId' in peer.at ? 1 : peer.at ? 2 : 3);
  const others = new Map<string, ProjectPeer>();
  for (const peer of useProjectPeers().toSorted((a, b) => rank(a) - rank(b)))
    if (peer.user.id !== me.id && !others.has(peer.user.id)) others.set(peer.user.id, peer);
  const whereIs = ({ at }: ProjectPeer): string => {
    if (!at) return 'in this project';
    if ('pipelineId' in at) return `on the canvas of ${pipelines.get(at.pipelineId)?.name ?? 'a pipeline'}`;
    return at.cardId === entry.cardId
      ? `in this file, line ${at.line}`
      : `in ${entries.get(at.cardId)?.path ?? 'another file'}, line ${at.line}`;
  };
  const go = (peer: ProjectPeer) => {
    if (following.userId === peer.user.id) following.stop();
    else if (peer.at && 'pipelineId' in peer.at) void navigate(`/pipelines/${peer.at.pipelineId}`);
    else following.start(peer.user.id);
  };
  return (
    <div className={editor['people']} role="group" aria-label={`People in this project: ${1 + others.size}`} data-project={projectId}>
      {[...others.values()].map((peer) => {
        const onCanvas = peer.at !== null && peer.at !== undefined && 'pipelineId' in peer.at;
        const does = following.userId === peer.user.id ? 'click to stop following' : onCanvas ? 'click to go there' : 'click to follow';
        return (
          <UnstyledButton
            key={peer.user.id}
            className={classes['person']}
            data-here={isHere(peer) || undefined}
            aria-pressed={following.userId === peer.user.id}
            aria-label={`${peer.user.name}, ${whereIs(peer)}: ${does}`}
            onClick={() => go(peer)}
          >
            <PersonAvatar name={peer.user.name} color={peer.user.color} note={`${whereIs(peer)}; ${does}`} />
          </UnstyledButton>
        );
      })}
      <PersonAvatar name={me.name} note="you" />
    </div>
  );
}

function FollowBanner({ following }: { following: Following }) {
  const peer = useProjectPeers().find(({ user }) => user.id === following.userId);
  if (following.userId === undefined) return null;
  return (
    <div className={classes['banner']} role="status">
      <span>
        {peer
          ? `You follow ${peer.user.name}: you see what they see, until you type, click or scroll in the code.`
          : 'Whom you followed is not here any more.'}
      </span>
      <Button size="compact-xs" variant="default" onClick={following.stop}>
        Stop following
      </Button>
    </div>
  );
}
