import { Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { connect, nodeLabel } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { portColor } from '../../shared/ui/port-color.ts';
import { connectionOptions } from './connection-options.ts';
import classes from './connect-dialog.module.css';

/** Connecting without dragging: the possible connections of one node as a list. */
export function ConnectDialog({ nodeId, onClose }: { nodeId: string; onClose: () => void }) {
  const { doc, cards, origin, watch } = usePipelineSession();
  const { graph } = useGraphView();
  const [query, setQuery] = useState('');
  const options = useMemo(() => connectionOptions(graph, nodeId), [graph, nodeId]);
  const shown = options.filter((option) => option.label.toLowerCase().includes(query.trim().toLowerCase()));
  const node = graph.nodes.find((candidate) => candidate.id === nodeId);

  const choose = (option: (typeof options)[number]) => {
    const result = connect(doc, option.ends, cards, origin);
    watch.flush();
    if (!result.ok) notifications.show({ color: 'red', title: 'Not connected', message: result.message });
    onClose();
  };

  return (
    <Modal opened onClose={onClose} title={`Connect “${node ? nodeLabel(node) : nodeId}”`} size="lg">
      <Stack gap="sm">
        <TextInput
          aria-label="Search connections"
          placeholder="Search by port or card"
          leftSection={<Search size={15} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          data-autofocus
        />
        {shown.length === 0 ? (
          <Text size="sm" c="var(--e-dim)" py="sm">
            {options.length === 0
              ? 'Nothing on the canvas fits a free port of this card. Add a card whose port has the same type.'
              : 'No possible connection matches the search.'}
          </Text>
        ) : (
          <ul className={classes['list']} aria-label="Possible connections">
            {shown.map((option) => (
              <li key={JSON.stringify(option.ends)}>
                <UnstyledButton className={classes['option']} onClick={() => choose(option)}>
                  <span className={classes['dot']} style={{ background: portColor(option.type) }} aria-hidden />
                  <span className={classes['label']}>{option.label}</span>
                  <span className={classes['type']}>{option.type}</span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Modal>
  );
}
