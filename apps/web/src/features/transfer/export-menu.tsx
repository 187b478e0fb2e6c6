import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Database, FileCode2, Package } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { api } from '../../shared/api/api.ts';
import { formatBytes } from '../../shared/ui/times.ts';

/** What can be downloaded of a project, and of the pipeline that is open. `children` is the button. */
export function ExportMenu({ projectId, pipelineId, children }: { projectId: string; pipelineId?: string; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const preview = useQuery({ queryKey: ['export', projectId], queryFn: () => api.exportPreview(projectId), enabled: opened, staleTime: 0 });
  const data = preview.data;
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={300}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {pipelineId === undefined ? null : (
          <>
            <Menu.Label>This pipeline</Menu.Label>
            <Menu.Item component="a" href={api.scriptUrl(pipelineId)} download leftSection={<FileCode2 size={15} aria-hidden />}>
              One Python script
              <Note>Runs it without Ensemble</Note>
            </Menu.Item>
          </>
        )}
        <Menu.Label>The project</Menu.Label>
        <Menu.Item component="a" href={api.exportUrl(projectId, false)} download leftSection={<Package size={15} aria-hidden />}>
          Project as a zip
          <Note>Pipelines and cards. Suits Git, imports again</Note>
        </Menu.Item>
        {data && data.dataFiles > 0 ? (
          <Menu.Item
            component="a"
            href={api.exportUrl(projectId, true)}
            download
            disabled={!data.canIncludeData}
            leftSection={<Database size={15} aria-hidden />}
          >
            Include data files
            <Note>
              {data.canIncludeData
                ? `${data.dataFiles} ${data.dataFiles === 1 ? 'file' : 'files'}, ${formatBytes(data.dataBytes)}`
                : `${formatBytes(data.dataBytes)} are too much for a zip`}
            </Note>
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

const Note = ({ children }: { children: ReactNode }) => <div style={{ color: 'var(--e-dim)', fontSize: 12 }}>{children}</div>;
