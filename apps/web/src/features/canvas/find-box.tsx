import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import { CategoryIcon } from '../../shared/ui/category-icon.tsx';
import { PickList } from '../commands/pick-list.tsx';
import { findNodes } from './find-nodes.ts';

const MOST = 200;

/** Finds a card on the canvas and goes there. */
export function FindBox({ onClose }: { onClose: () => void }) {
  const { graph } = useGraphView();
  const focusNode = useEditorUi((ui) => ui.focusNode);
  return (
    <PickList
      label="Find a card of this pipeline"
      placeholder="Title, card, setting or problem"
      style={{ top: 12, right: 12 }}
      find={(query) =>
        findNodes(graph, query)
          .slice(0, MOST)
          .map((node) => ({
            id: node.id,
            label: node.label,
            note: node.because ?? node.card,
            icon: <CategoryIcon category={node.category} />,
          }))
      }
      empty={(query) => (query === '' ? 'This pipeline is empty.' : 'No card of this pipeline matches.')}
      onPick={(id) => {
        focusNode(id);
        onClose();
      }}
      onClose={onClose}
    />
  );
}
