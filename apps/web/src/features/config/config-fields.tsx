import type { Problem, ProjectedNode } from '@ensemble/pipeline';
import { ConfigFieldEditor } from './config-field-editor.tsx';
import type { FileFieldSlot } from './field-input-props.ts';

/** The fields of a node's card, each written by itself and at once. */
export function ConfigFields({
  node,
  problems,
  FileField,
}: {
  node: ProjectedNode;
  problems: readonly Problem[];
  FileField: FileFieldSlot;
}) {
  return (node.manifest?.configFields ?? []).map((field) => (
    <ConfigFieldEditor
      key={field.name}
      node={node}
      field={field}
      FileField={FileField}
      error={problems.find((problem) => problem.field === field.name)?.message}
    />
  ));
}
