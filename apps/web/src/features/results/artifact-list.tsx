import { Button, Text } from '@mantine/core';
import type { OutputArtifact } from '@ensemble/protocol';
import { Download, Table2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../shared/api/api.ts';
import { artifactTable } from '../../shared/api/table-source.ts';
import { TableDialog } from '../../shared/table/table-dialog.tsx';
import { portColor } from '../../shared/ui/port-color.ts';
import { formatBytes } from '../../shared/ui/times.ts';
import classes from './results.module.css';

interface ArtifactListProps {
  outputs: readonly OutputArtifact[];
  runId: string;
  nodeId: string;
}

/** What a step stored: tables to look through, everything to download. */
export function ArtifactList({ outputs, runId, nodeId }: ArtifactListProps) {
  const [opened, setOpened] = useState<string>();
  return (
    <section aria-label="Artifacts">
      <h3 className={classes['heading']}>Artifacts</h3>
      <ul className={classes['artifacts']}>
        {outputs.map((output) => (
          <li key={output.key} className={classes['artifact']}>
            <span className={classes['dot']} style={{ background: portColor(output.type) }} aria-hidden />
            <span className={classes['artifactName']} title={output.key}>
              {output.key}
              {output.declared ? null : (
                <Text span size="xs" c="var(--e-dim)">
                  {' '}
                  side artifact
                </Text>
              )}
            </span>
            {output.type === 'dataframe' ? (
              <Button
                size="compact-xs"
                variant="light"
                leftSection={<Table2 size={13} aria-hidden />}
                aria-label={`Open the table ${output.key}`}
                onClick={() => setOpened(output.key)}
              >
                Open the table
              </Button>
            ) : (
              <span className={classes['dim']}>{output.type}</span>
            )}
            <span className={classes['dim']}>{formatBytes(output.bytes)}</span>
            <a
              className={classes['download']}
              href={api.artifactUrl(runId, nodeId, output.key)}
              download
              aria-label={`Download ${output.key}, ${output.type}, ${formatBytes(output.bytes)}`}
            >
              <Download size={14} aria-hidden />
            </a>
          </li>
        ))}
      </ul>
      <TableDialog
        source={opened === undefined ? undefined : artifactTable(runId, nodeId, opened)}
        name={opened ?? ''}
        onClose={() => setOpened(undefined)}
        aside={
          opened === undefined ? null : (
            <Button
              component="a"
              href={api.artifactUrl(runId, nodeId, opened)}
              download
              size="compact-sm"
              variant="default"
              leftSection={<Download size={13} aria-hidden />}
            >
              Download
            </Button>
          )
        }
      />
    </section>
  );
}
