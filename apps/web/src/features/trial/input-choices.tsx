import { NativeSelect, Skeleton, Text } from '@mantine/core';
import type { TrialChoice, TrialSetup } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { artifactTable } from '../../shared/api/table-source.ts';
import { portColor } from '../../shared/ui/port-color.ts';
import { formatAgo, formatBytes } from '../../shared/ui/times.ts';
import { useNow } from '../../shared/ui/use-now.ts';
import { choiceKey, choiceText } from './choice-text.ts';
import classes from './trial.module.css';

interface InputChoicesProps {
  inputs: TrialSetup['inputs'];
  /** Port → what this person chose; others get what the server suggests. */
  chosen: ReadonlyMap<string, TrialChoice>;
  onChoose: (port: string, choice: TrialChoice | undefined) => void;
  disabled: boolean;
}

/** What each input of the card gets, by the name of the card and run that made it. */
export function InputChoices({ inputs, chosen, onChoose, disabled }: InputChoicesProps) {
  const now = useNow(true, 30_000);
  return inputs.map(({ name, type, chosen: suggested, choices }) => {
    const current = chosen.get(name) ?? suggested ?? undefined;
    const listed = current && !choices.some((choice) => choiceKey(choice) === choiceKey(current)) ? [current, ...choices] : choices;
    return (
      <div key={name} className={classes['input']}>
        <div className={classes['port']}>
          <span className={classes['dot']} style={{ background: portColor(type) }} aria-hidden />
          <span className={classes['portName']}>{name}</span>
          <span className={classes['dim']}>{type}</span>
        </div>
        <NativeSelect
          size="xs"
          aria-label={`Input ${name}`}
          disabled={disabled || listed.length === 0}
          value={current ? choiceKey(current) : ''}
          data={[
            ...(current ? [] : [{ value: '', label: listed.length === 0 ? 'Nothing made yet' : 'Choose…' }]),
            ...listed.map((choice) => ({ value: choiceKey(choice), label: `${choiceText(choice)} · ${formatAgo(choice.createdAt, now)}` })),
          ]}
          onChange={(event) =>
            onChoose(
              name,
              listed.find((choice) => choiceKey(choice) === event.currentTarget.value),
            )
          }
        />
        {current ? (
          <InputFacts choice={current} />
        ) : (
          <Text size="xs" c="var(--e-warn)" mt={4}>
            {listed.length === 0
              ? `Run a pipeline in which a card makes a ${type}; it is offered here then.`
              : `Choose what “${name}” gets.`}
          </Text>
        )}
      </div>
    );
  });
}

const AS_IT_CAME = { sort: [], filters: [] };

function InputFacts({ choice }: { choice: TrialChoice }) {
  const isTable = choice.type === 'dataframe';
  const source = artifactTable(choice.runId, choice.nodeId, choice.key);
  const table = useQuery({
    queryKey: [...source.key, 'size'],
    queryFn: ({ signal }) => source.window(AS_IT_CAME, 0, 1, signal),
    enabled: isTable,
    staleTime: Infinity,
  });
  if (isTable && table.isPending) return <Skeleton height={12} width={120} mt={6} />;
  const size = table.data
    ? `${table.data.total.toLocaleString()} ${table.data.total === 1 ? 'row' : 'rows'} × ${table.data.columns.length} columns`
    : formatBytes(choice.bytes);
  return (
    <Text size="xs" c="var(--e-dim)" mt={4}>
      {size}
    </Text>
  );
}
