import { useDebouncedValue } from '@mantine/hooks';
import type { ProjectedNode } from '@ensemble/pipeline';
import { useState } from 'react';
import { useCodeHits } from '../../shared/api/queries.ts';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useSteps } from '../../shared/session/run-view.ts';
import { CategoryIcon } from '../../shared/ui/category-icon.tsx';
import { PickList } from '../commands/pick-list.tsx';
import { findNodes } from './find-nodes.ts';
import type { FindableText } from './find-nodes.ts';

const MOST = 200;
const TYPING_PAUSE_MS = 200;

/** Finds a card on the canvas, also by its code and by what went wrong in the shown run, and goes there. */
export function FindBox({ onClose }: { onClose: () => void }) {
  const { projectId, cards } = usePipelineSession();
  const { graph } = useGraphView();
  const steps = useSteps();
  const focusNode = useEditorUi((ui) => ui.focusNode);
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query, TYPING_PAUSE_MS);
  const hits = useCodeHits(projectId, settled);
  const moreOf = (node: ProjectedNode): FindableText[] => {
    const error = steps.get(node.id)?.error?.message;
    const hit = hits.data?.find(({ cardId }) => cardId === cards.get(node.card)?.cardId);
    return [
      ...(error === undefined ? [] : [{ text: error, tab: 'error' as const }]),
      ...(hit ? [{ text: `line ${hit.line}: ${hit.text}`, tab: 'code' as const }] : []),
    ];
  };
  const find = (text: string) => findNodes(graph, text, moreOf).slice(0, MOST);
  return (
    <PickList
      label="Find a card of this pipeline"
      placeholder="Title, card, setting, problem, error or code"
      style={{ top: 12, right: 12 }}
      onQuery={setQuery}
      find={(text) =>
        find(text).map((node) => ({
          id: node.id,
          label: node.label,
          note: node.because ?? node.card,
          icon: <CategoryIcon category={node.category} />,
        }))
      }
      empty={(text) =>
        text === '' ? 'This pipeline is empty.' : hits.isFetching ? 'Searching the code of the cards…' : 'No card of this pipeline matches.'
      }
      onPick={(id) => {
        focusNode(id, find(query).find((node) => node.id === id)?.tab);
        onClose();
      }}
      onClose={onClose}
    />
  );
}
