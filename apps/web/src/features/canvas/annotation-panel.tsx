import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { LIMITS, renameNode, resizeNode } from '@ensemble/pipeline';
import type { PipelineFrame, PipelineNote } from '@ensemble/pipeline';
import { Frame, Pencil, StickyNote } from 'lucide-react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { ColorChoice } from './color-choice.tsx';
import { nameOfNote } from './flow-annotations.ts';

/** Everything about a note or a frame without the mouse: colour, size, title, text. */
export function AnnotationPanel({ item }: { item: PipelineNote | PipelineFrame }) {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const editItem = useEditorUi((ui) => ui.editItem);
  const isNote = 'text' in item;
  const Icon = isNote ? StickyNote : Frame;
  const resize = (change: Partial<PipelineNote['size']>) => {
    resizeNode(doc, item.id, { ...item.size, ...change }, origin);
    watch.flush();
  };
  return (
    <Stack gap="md" p="md">
      <Group gap={8} wrap="nowrap">
        <Icon size={18} aria-hidden />
        <Text component="h2" size="sm" fw={600} truncate>
          {isNote ? `Note: ${nameOfNote(item.text)}` : item.title || 'Frame'}
        </Text>
      </Group>
      {isNote ? (
        <Text size="sm" c="var(--e-dim)">
          Markdown, for everybody who opens this pipeline. Several people can type in it at once.
        </Text>
      ) : (
        <TextInput
          label="Title"
          value={item.title}
          maxLength={LIMITS.titleLength}
          readOnly={!canEdit}
          onChange={(event) => {
            renameNode(doc, item.id, event.currentTarget.value, origin);
            watch.flush();
          }}
        />
      )}
      {canEdit ? (
        <>
          {isNote ? (
            <Button variant="light" leftSection={<Pencil size={14} aria-hidden />} onClick={() => editItem(item.id)}>
              Edit the text
            </Button>
          ) : null}
          <div>
            <Text size="sm" fw={500} mb={4}>
              Colour
            </Text>
            <ColorChoice id={item.id} color={item.color} />
          </div>
          <Group grow>
            {(['width', 'height'] as const).map((side) => (
              <NumberInput
                key={side}
                label={side === 'width' ? 'Width' : 'Height'}
                value={item.size[side]}
                min={60}
                max={100_000}
                step={20}
                onChange={(value) => typeof value === 'number' && value >= 60 && resize({ [side]: value })}
              />
            ))}
          </Group>
        </>
      ) : null}
    </Stack>
  );
}
