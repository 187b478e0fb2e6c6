import { Button, Group, Menu } from '@mantine/core';
import { ChevronDown, Wrench } from 'lucide-react';
import { useMemo } from 'react';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { edgeFixes } from './edge-fixes.ts';
import classes from './repair.module.css';
import { useRemap } from './use-remap.ts';

/** Mends a broken connection by one click: the best guess, the other ports that fit, and everything the same card broke. */
export function EdgeFix({ edgeId, withAll = true }: { edgeId: string; withAll?: boolean }) {
  const { canEdit } = usePipelineSession();
  const { graph } = useGraphView();
  const { options, all } = useMemo(() => edgeFixes(graph, edgeId), [graph, edgeId]);
  const remap = useRemap();
  const [best, ...others] = options;
  if (!canEdit || (!best && !(withAll && all))) return null;
  return (
    <Group gap={6} className={classes['fixes']}>
      {best ? (
        <Button size="compact-xs" leftSection={<Wrench size={12} aria-hidden />} onClick={() => remap([best.remap])}>
          {best.label}
        </Button>
      ) : null}
      {others.length > 0 ? (
        <Menu position="bottom-start" returnFocus>
          <Menu.Target>
            <Button size="compact-xs" variant="default" rightSection={<ChevronDown size={12} aria-hidden />}>
              Other ports
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((option) => (
              <Menu.Item key={option.label} onClick={() => remap([option.remap])}>
                {option.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {withAll && all ? (
        <Button size="compact-xs" variant="default" onClick={() => remap(all.remaps)}>
          Mend all {all.remaps.length} of “{all.cardName}”
        </Button>
      ) : null}
    </Group>
  );
}
