/**
 * The manifest: what a card says of itself, read from its source without running it.
 * Knows nothing of where the card file is stored.
 */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** A named, typed socket of a card. `type` is an open set: see `KNOWN_PORT_TYPES`. */
export interface Port {
  name: string;
  type: string;
}

/** One field of a card's config, whichever of the two schema dialects it was written in. */
export interface ConfigField {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean' | 'file' | 'secret' | 'json';
  label: string;
  description?: string;
  default?: JsonValue;
  required: boolean;
  /** Allowed values, when the schema lists them. */
  options?: JsonValue[];
  minimum?: number;
  maximum?: number;
}

export interface Resources {
  /** Number of GPUs; 0 runs in the `cpu` pool. */
  gpu: number;
  cpu?: number;
  memoryBytes?: number;
  /** Wall-clock limit of one attempt in seconds. */
  timeoutSeconds: number;
  /** Host names the card asks to reach; empty means no network. */
  network: string[];
}

export interface CardManifest {
  cardType: string;
  className: string;
  displayName: string;
  description: string;
  category: string;
  executionMode: string;
  outputViewType: string;
  /** The schema as written, in either dialect. */
  configSchema: JsonObject;
  /** The same schema, normalised. */
  configFields: ConfigField[];
  inputs: Port[];
  outputs: Port[];
  /** Output → its columns, or the input or file field that has the same ones. Only what the card says of itself. */
  outputColumns?: Record<string, string | string[]>;
  resources: Resources;
  requirements: string[];
  retries: number;
  cache: boolean;
  scratch: boolean;
}

export interface Diagnostic {
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  severity: 'error' | 'warning';
  /** Stable identifier such as `card/no-class`. */
  code: string;
  /** One sentence that says what is wrong and how to mend it. */
  message: string;
}

/** What reading one card file found. `valid` means: no diagnostic of severity error. */
export interface CardReading {
  valid: boolean;
  manifest?: CardManifest;
  diagnostics: Diagnostic[];
}
