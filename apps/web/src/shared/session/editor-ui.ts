/** What this person looks at in the editor: selection, side panel, run. Never shared, never stored. */
import { create } from 'zustand';

type LeftPanel = 'cards' | 'outline';
type SidePanel = 'node' | 'runs' | 'problems';
export type InspectorTab = 'config' | 'result' | 'log' | 'error' | 'code';

export interface EditorUi {
  selectedNodes: readonly string[];
  selectedEdges: readonly string[];
  /** A note or a frame. */
  editedItem: string | undefined;
  left: LeftPanel;
  panel: SidePanel;
  tab: InspectorTab;
  /** A run chosen from the list; undefined: the latest. */
  chosenRunId: string | undefined;
  /** Asks the canvas to bring a node into view and select it; `serial` tells repeated requests apart. */
  focus: { nodeId: string; serial: number; takeFocus: boolean } | undefined;
  /** Asks the form of a node to put the cursor into one of its fields. */
  wantedField: { nodeId: string; field: string } | undefined;
  /** Asks the canvas to add a card in the middle of what is visible. */
  wanted: { cardType: string; serial: number } | undefined;
  select(nodes: readonly string[], edges: readonly string[]): void;
  showPanel(panel: SidePanel): void;
  showTab(tab: InspectorTab): void;
  chooseRun(runId: string | undefined): void;
  /** The note or the title of the frame that this person types in. */
  editItem(id: string | undefined): void;
  /** `takeFocus`: the keyboard goes there too. */
  focusNode(nodeId: string, tab?: InspectorTab, takeFocus?: boolean): void;
  showLeft(left: LeftPanel): void;
  focusField(nodeId: string, field: string): void;
  fieldFocused(): void;
  addCard(cardType: string): void;
  reset(): void;
}

const INITIAL = {
  selectedNodes: [],
  selectedEdges: [],
  editedItem: undefined,
  left: 'cards',
  panel: 'node',
  tab: 'config',
  chosenRunId: undefined,
  focus: undefined,
  wantedField: undefined,
  wanted: undefined,
} satisfies Partial<EditorUi>;

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((item, index) => item === b[index]);

/** One card, or one connection and no card, that was not the selection before. */
const oneIsNew = (now: EditorUi, nodes: readonly string[], edges: readonly string[]): boolean =>
  nodes.length === 1 ? !same(now.selectedNodes, nodes) : nodes.length === 0 && edges.length === 1 && !same(now.selectedEdges, edges);

export const useEditorUi = create<EditorUi>()((set, get) => ({
  ...INITIAL,
  select(nodes, edges) {
    const now = get();
    if (same(now.selectedNodes, nodes) && same(now.selectedEdges, edges)) return;
    set({
      selectedNodes: nodes,
      selectedEdges: edges,
      ...(oneIsNew(now, nodes, edges) ? { panel: 'node' as const } : {}),
    });
  },
  showPanel: (panel) => set({ panel }),
  showTab: (tab) => set({ tab }),
  editItem: (editedItem) => set({ editedItem }),
  chooseRun: (chosenRunId) => set({ chosenRunId }),
  focusNode(nodeId, tab, takeFocus = false) {
    const serial = (get().focus?.serial ?? 0) + 1;
    set({ focus: { nodeId, serial, takeFocus }, panel: 'node', ...(tab ? { tab } : {}) });
  },
  showLeft: (left) => set({ left }),
  focusField(nodeId, field) {
    get().focusNode(nodeId, 'config');
    set({ wantedField: { nodeId, field } });
  },
  fieldFocused: () => set({ wantedField: undefined }),
  addCard: (cardType) => set({ wanted: { cardType, serial: (get().wanted?.serial ?? 0) + 1 } }),
  reset: () => set(INITIAL),
}));
