import { NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { setCacheSetting } from '@ensemble/pipeline';
import type { CacheSetting as Setting, ProjectedNode } from '@ensemble/pipeline';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';

const HOUR = 3_600;
const CHOICES = [
  { value: 'card', label: 'As the card says' },
  { value: 'off', label: 'Off: always execute it' },
  { value: 'limit', label: 'A result counts for some hours' },
  { value: 'salt', label: 'With a salt: another text, another result' },
];

const choiceOf = (setting: Setting | undefined): string => {
  if (!setting) return 'card';
  if ('off' in setting) return 'off';
  return setting.seconds === undefined ? 'salt' : 'limit';
};

/** Whether runs may take the result of the card from the cache. */
export function CacheSetting({ node }: { node: ProjectedNode }) {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const write = (setting: Setting | undefined) => {
    setCacheSetting(doc, node.id, setting, origin);
    watch.flush();
  };
  const choice = choiceOf(node.cache);
  const setting = node.cache && !('off' in node.cache) ? node.cache : {};
  const byDefault = node.manifest?.cache === false ? 'always execute it' : 'take a result of the same code, settings and inputs';
  return (
    <Stack gap="xs" px="md" pb="md">
      <Select
        label="Cache"
        data={CHOICES}
        value={choice}
        disabled={!canEdit}
        allowDeselect={false}
        onChange={(value) => {
          if (value === 'off') write({ off: true });
          else if (value === 'limit') write({ seconds: 24 * HOUR });
          else if (value === 'salt') write({ salt: '1' });
          else write(undefined);
        }}
      />
      {choice === 'card' ? (
        <Text size="xs" c="var(--e-dim)">
          The card says: {byDefault}.
        </Text>
      ) : null}
      {choice === 'limit' ? (
        <NumberInput
          label="Hours"
          min={1}
          max={8_760}
          disabled={!canEdit}
          value={Math.max(1, Math.round((setting.seconds ?? HOUR) / HOUR))}
          onChange={(hours) => {
            if (typeof hours === 'number' && hours >= 1) write({ ...setting, seconds: Math.round(hours * HOUR) });
          }}
        />
      ) : null}
      {choice === 'salt' ? (
        <TextInput
          label="Salt"
          maxLength={200}
          disabled={!canEdit}
          value={setting.salt ?? ''}
          onChange={(event) => {
            if (event.currentTarget.value !== '') write({ salt: event.currentTarget.value });
          }}
        />
      ) : null}
    </Stack>
  );
}
