import { Modal, Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import type { TableSource } from '../api/table-source.ts';

const DataTable = lazy(() => import('./data-table.tsx'));

interface TableDialogProps {
  /** Undefined: closed. */
  source: TableSource | undefined;
  name: string;
  aside?: ReactNode;
  onClose: () => void;
}

/** A table in nearly all of the window. */
export function TableDialog({ source, name, aside, onClose }: TableDialogProps) {
  return (
    <Modal
      opened={source !== undefined}
      onClose={onClose}
      title={name}
      size="min(1600px, 96vw)"
      padding="md"
      styles={{ content: { height: '92vh', display: 'flex', flexDirection: 'column' }, body: { flex: 1, minHeight: 0 } }}
    >
      {source ? (
        <Suspense fallback={<Skeleton height={400} radius="md" />}>
          <DataTable key={source.key.join(' ')} source={source} name={name} aside={aside} />
        </Suspense>
      ) : null}
    </Modal>
  );
}
