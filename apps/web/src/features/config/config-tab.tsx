import { Alert, Stack, Text, TextInput } from '@mantine/core';
import { renameNode } from '@ensemble/pipeline';
import type { Problem, ProjectedNode } from '@ensemble/pipeline';
import { TriangleAlert } from 'lucide-react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { ConfigFields } from './config-fields.tsx';
import { EditedBy } from './edited-by.tsx';
import type { FileFieldSlot } from './field-input-props.ts';
import { useEditingMark } from './use-editing-mark.ts';

/** Title and config of one node. Every field is written by itself and at once, so two people can work on one node. */
export function ConfigTab({ node, problems, FileField }: { node: ProjectedNode; problems: readonly Problem[]; FileField: FileFieldSlot }) {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const mark = useEditingMark(node.id, 'title');
  const general = problems.filter((problem) => problem.field === undefined);
  return (
    <Stack gap="md" p="md">
      {general.length > 0 ? (
        <Alert
          color="orange"
          variant="light"
          icon={<TriangleAlert size={16} aria-hidden />}
          title={general.length === 1 ? 'One problem' : `${general.length} problems`}
        >
          <Stack gap={6}>
            {general.map((problem) => (
              <Text key={`${problem.code} ${problem.message}`} size="sm">
                {problem.message}
              </Text>
            ))}
          </Stack>
        </Alert>
      ) : null}
      <TextInput
        label={
          <>
            Title <EditedBy nodeId={node.id} field="title" />
          </>
        }
        aria-label="Title"
        pr={30}
        placeholder={node.manifest?.displayName ?? node.card}
        value={node.title}
        readOnly={!canEdit}
        maxLength={500}
        onChange={(event) => {
          renameNode(doc, node.id, event.currentTarget.value, origin);
          watch.flush();
        }}
        {...mark}
      />
      {node.manifest?.description ? (
        <Text size="sm" c="var(--e-dim)">
          {node.manifest.description}
        </Text>
      ) : null}
      <ConfigFields node={node} problems={problems} FileField={FileField} />
      {node.manifest?.configFields.length === 0 ? (
        <Text size="sm" c="var(--e-dim)">
          This card has nothing to configure.
        </Text>
      ) : null}
    </Stack>
  );
}
