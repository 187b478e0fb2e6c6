import { documentName } from '@ensemble/protocol';
import type { Project, ProjectCardEntry } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useNavigate, useSearchParams } from 'react-router';
import { CardFiles } from '../features/card-files/card-files.tsx';
import type { OpenCode } from '../features/code/code-editor.tsx';
import { CodePane } from '../features/code/code-pane.tsx';
import { useCodeCheck } from '../features/code/use-code-check.ts';
import type { CheckedSource } from '../features/code/use-code-check.ts';
import { useFollow } from '../features/code/use-follow.ts';
import { api } from '../shared/api/api.ts';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import { useOpenCardPresence } from '../shared/session/card-presence.ts';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { ProjectPresenceContext, useMyPlace } from '../shared/session/project-presence.ts';
import { useLiveDocument } from '../shared/session/use-live-document.ts';
import { cardAddress } from '../shared/ui/card-address.ts';
import { FailureNote } from '../shared/ui/failure-note.tsx';
import classes from './card-page.module.css';
import { CardSide } from './card-side.tsx';
import { CardTopBar } from './card-top-bar.tsx';
import { useFollowedPerson } from './use-followed-person.ts';

interface CardFrameProps {
  project: Project;
  entry: ProjectCardEntry;
  entries: ReadonlyMap<string, ProjectCardEntry>;
  index: LiveDocument;
  mayEdit: boolean;
}

/** Why nothing can be typed; undefined where it can. */
const reasonOf = (entry: ProjectCardEntry, mayEdit: boolean): string | undefined =>
  entry.builtIn
    ? 'This card comes with Ensemble. Copy it into this project to change it.'
    : mayEdit
      ? undefined
      : 'You are viewing. To edit, ask an owner of this project for editor rights.';

/** The layout of the card editor: files, code with its problems, and the card as the canvas will show it. */
export function CardFrame({ project, entry, entries, index, mayEdit }: CardFrameProps) {
  const user = useSignedIn();
  const { cardId, builtIn } = entry;
  const name = builtIn ? undefined : documentName('card', cardId);
  const live = useLiveDocument(name, true, name && `ensemble ${user.id} ${name}`);
  const presence = useOpenCardPresence(live?.awareness);
  const stored = useQuery({
    queryKey: ['cards', cardId, 'source', entry.sourceHash],
    queryFn: () => api.cardSource(cardId),
    staleTime: Infinity,
    enabled: builtIn,
  });
  const fixed = stored.data?.source;
  const source = useMemo(
    (): CheckedSource | undefined => (live ? { text: live.doc.getText('source') } : fixed === undefined ? undefined : { fixed }),
    [live, fixed],
  );
  const check = useCodeCheck(source, entry, entries);
  const [code, setCode] = useState<OpenCode>();
  const [errorLine, setErrorLine] = useState<number>();
  const reveal = useCallback(
    (line: number) => {
      code?.editor.setPosition({ lineNumber: line, column: 1 });
      code?.editor.revealLineInCenter(line);
      code?.editor.focus();
    },
    [code],
  );
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const wantedLine = Number(params.get('line')) || undefined;
  const following = useFollowedPerson(project.id, cardId);
  useFollow(code, live, presence, following.userId, following.stop);
  useLineOfMine(cardId, code);
  const readOnly = reasonOf(entry, mayEdit);
  return (
    <div className={classes['page']}>
      <CardTopBar project={project} entry={entry} index={index} live={live} code={code} readOnly={readOnly} following={following} />
      <Group className={classes['body']} orientation="horizontal" id="card-editor">
        <Panel id="files" defaultSize="17" minSize="140px" collapsible className={classes['files']}>
          <CardFiles
            projectId={project.id}
            index={index}
            activeCardId={cardId}
            canEdit={mayEdit}
            onOpen={(opened) => void navigate(cardAddress(project.id, opened))}
          />
        </Panel>
        <Separator className={classes['separator']} />
        <Panel id="code" minSize="320px">
          <main className={classes['main']}>
            {stored.isError ? (
              <FailureNote error={stored.error} onRetry={() => void stored.refetch()} />
            ) : (
              <CodePane
                key={cardId}
                projectId={project.id}
                entry={entry}
                entries={entries}
                source={live ? { live, presence } : fixed}
                readOnly={readOnly}
                line={errorLine ?? wantedLine}
                check={check}
                onOpen={setCode}
              />
            )}
          </main>
        </Panel>
        <Separator className={classes['separator']} />
        <Panel id="side" defaultSize="28" minSize="300px" collapsible>
          <CardSide
            key={cardId}
            project={project}
            entry={entry}
            entries={entries}
            check={check}
            mayEdit={mayEdit}
            index={index}
            source={live}
            onReveal={reveal}
            onErrorLine={setErrorLine}
          />
        </Panel>
      </Group>
    </div>
  );
}

const TELL_LINE_AFTER_MS = 400;

/** Tells the project in which file and at which line I am. */
function useLineOfMine(cardId: string, code: OpenCode | undefined): void {
  const presence = useContext(ProjectPresenceContext);
  const [line, setLine] = useState(1);
  useEffect(() => {
    if (!code) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listening = code.editor.onDidChangeCursorPosition(({ position }) => {
      clearTimeout(timer);
      timer = setTimeout(() => setLine(position.lineNumber), TELL_LINE_AFTER_MS);
    });
    return () => {
      clearTimeout(timer);
      listening.dispose();
    };
  }, [code]);
  useMyPlace(presence, { cardId, line });
}
