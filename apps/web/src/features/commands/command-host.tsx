import { Spotlight, spotlight } from '@mantine/spotlight';
import type { SpotlightActionGroupData } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import type { RunScope } from '@ensemble/protocol';
import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { isUnfinished } from '../runs/is-unfinished.ts';
import { usePins } from '../runs/use-pins.ts';
import { useRunControl } from '../runs/use-run-control.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import type { CardIndex } from '../../shared/session/watch-graph.ts';
import { cardAddress } from '../../shared/ui/card-address.ts';
import { canRunCommand, runCommand, useCommands } from './command-registry.ts';
import classes from './commands.module.css';
import { COMMANDS, keyLabel, onMac } from './keymap.ts';
import { KeymapSheet } from './keymap-sheet.tsx';
import { useCommandKeys } from './use-command-keys.ts';

/** The command palette, the sheet of keys and the key handler of the editor. */
export function CommandHost({ mayRun }: { mayRun: boolean }) {
  const [sheet, setSheet] = useState(false);
  const [groups, setGroups] = useState<SpotlightActionGroupData[]>([]);
  const before = useRef<Element>(null);
  const { active, start, runId, meta, resume } = useRunControl();
  const { canEdit, past, pipelineId, projectId, cards, watch } = usePipelineSession();
  const navigate = useNavigate();
  const { toggleSelected } = usePins();
  const showPanel = useEditorUi((ui) => ui.showPanel);
  const focusBefore = () => {
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
  };
  /** False: no card is selected. */
  const part = (kind: RunScope['kind']) =>
    mayRun && !active
      ? () => {
          const selected = new Set(useEditorUi.getState().selectedNodes);
          const nodeIds = watch.view.get().graph.nodes.flatMap(({ id }) => (selected.has(id) ? [id] : []));
          if (nodeIds.length === 0) return false;
          start.mutate({ scope: { kind, nodeIds } });
          return true;
        }
      : undefined;
  useCommandKeys();
  useCommands({
    'palette.open': () => {
      before.current = document.activeElement;
      const openCard = (cardId: string) => void navigate(cardAddress(projectId, cardId, { pipeline: pipelineId }));
      setGroups([...paletteGroups(focusBefore), ...(past ? [] : [cardGroup(cards, openCard)])]);
      spotlight.open();
    },
    'keys.show': () => setSheet(true),
    'run.start': mayRun && !active ? () => start.mutate({}) : undefined,
    'run.force': mayRun && !active ? () => start.mutate({ force: true }) : undefined,
    'run.to': part('to'),
    'run.from': part('from'),
    'run.only': part('only'),
    'run.resume': mayRun && runId !== undefined && isUnfinished(meta?.state) ? () => resume.mutate(runId) : undefined,
    'node.pin': canEdit ? toggleSelected : undefined,
    'run.past': runId !== undefined && !past ? () => void navigate(`/pipelines/${pipelineId}/runs/${runId}`) : undefined,
    'panel.node': () => showPanel('node'),
    'panel.runs': () => showPanel('runs'),
    'panel.problems': () => showPanel('problems'),
  });
  return (
    <>
      <Spotlight
        actions={groups}
        shortcut={null}
        overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
        scrollable
        maxHeight={420}
        returnFocus={false}
        onSpotlightClose={focusBefore}
        nothingFound="No command matches"
        attributes={{ content: { 'aria-label': 'Command palette' } }}
        searchProps={{
          placeholder: 'What do you want to do?',
          'aria-label': 'Search commands',
          leftSection: <Search size={16} aria-hidden />,
        }}
      />
      <KeymapSheet opened={sheet} onClose={() => setSheet(false)} />
    </>
  );
}

/** What can be done now, in the order of the table. The palette gives the focus back first: a command may take it for itself. */
function paletteGroups(focusBefore: () => void): SpotlightActionGroupData[] {
  const mac = onMac(navigator.platform);
  const groups = new Map<string, SpotlightActionGroupData>();
  for (const { id, title, group, keys, unlisted } of COMMANDS) {
    if (unlisted || id === 'palette.open' || !canRunCommand(id)) continue;
    const list = groups.get(group) ?? { group, actions: [] };
    groups.set(group, list);
    list.actions.push({
      id,
      label: title,
      rightSection: keys[0] === undefined ? undefined : <kbd className={classes['key']}>{keyLabel(keys[0], mac)}</kbd>,
      onClick: () => {
        setTimeout(() => {
          focusBefore();
          runCommand(id);
        });
      },
    });
  }
  return [...groups.values()];
}

/** The code of every card, those of the project first. */
function cardGroup(cards: CardIndex, openCard: (cardId: string) => void): SpotlightActionGroupData {
  const entries = [...cards.values()].sort((a, b) => Number(a.builtIn) - Number(b.builtIn) || a.path.localeCompare(b.path));
  return {
    group: 'Code',
    actions: entries.map(({ cardId, path, manifest }) => ({
      id: `card ${cardId}`,
      label: `Open card ${manifest?.displayName ?? path}`,
      description: path,
      onClick: () => openCard(cardId),
    })),
  };
}
