import { describe, expect, test } from 'vitest';
import { explainFailure, type FailureContext } from './explain-failure.ts';
import { closestPackage } from './package-names.ts';

const CONTEXT: FailureContext = {
  requirements: ['x'],
  baseRequirements: ['numpy', 'pandas<3'],
  python: '3.11',
  platform: 'linux x86_64',
  maxBytes: 1024 ** 3,
  deadlineMs: 60_000,
};

const noSolution = (cause: string): string =>
  `Using Python 3.11.2 environment at: /e\nerror: No solution found when resolving dependencies\n  cause: ${cause}\n`;

/** What uv 0.13.9 printed → what people read. */
const SAID: Record<string, [string, string, boolean]> = {
  'a name that is not there': [
    noSolution(
      'Because pandsa was not found in the package registry and you require pandsa, we can conclude that your requirements are unsatisfiable.',
    ),
    'There is no package named "pandsa" (did you mean "pandas"?).',
    false,
  ],
  'a dependency that is not there': [
    noSolution('Because qqq was not found in the package registry and all versions of zzz depend on qqq, we can conclude that …'),
    'There is no package named "qqq", which zzz needs.',
    false,
  ],
  'a version that is not there': [
    noSolution(
      'Because there is no version of humanize==999 and you require humanize==999, we can conclude that your requirements are unsatisfiable.',
    ),
    'There is no version of humanize that fits "==999".',
    false,
  ],
  'a version out of range': [
    noSolution(
      'Because only tiny-shape<=2.0 is available and you require tiny-shape>3, we can conclude that your requirements are unsatisfiable.',
    ),
    'There is no version of tiny-shape that fits ">3" (there is <=2.0).',
    false,
  ],
  'a version out of range that a package needs': [
    noSolution(
      `Because only numpy>=1.3.0 is available and all versions of needs-numpy1 depend on numpy<1.0, we can conclude that all versions of needs-numpy1 cannot be used.
         And because you require needs-numpy1, we can conclude that your requirements are unsatisfiable.`,
    ),
    'There is no version of numpy that fits "<1.0", which needs-numpy1 needs (there is >=1.3.0).',
    false,
  ],
  'source only': [
    noSolution(
      'Because all versions of docopt have no usable wheels and you require docopt, we can conclude that your requirements are unsatisfiable.',
    ),
    'There is no wheel of any version of docopt for Python 3.11 on linux x86_64; packages that must be built from source are not installed.',
    false,
  ],
  'one version as source only': [
    noSolution(
      'Because cowsay==5.0 has no usable wheels and you require cowsay==5.0, we can conclude that your requirements are unsatisfiable.',
    ),
    'There is no wheel of cowsay 5.0 for Python 3.11 on linux x86_64; packages that must be built from source are not installed.',
    false,
  ],
  'another platform': [
    noSolution(
      'Because elsewhere==1.0 has no wheels with a matching platform tag (e.g., `manylinux_2_36_x86_64`) and only elsewhere==1.0 is available, we can conclude that all versions of elsewhere cannot be used.',
    ),
    'There is no wheel of elsewhere 1.0 for Python 3.11 on linux x86_64; packages that must be built from source are not installed.',
    false,
  ],
  'another Python': [
    noSolution(
      'Because future==1.0 requires Python >=3.14 and only future==1.0 is available, we can conclude that all versions of future cannot be used.',
    ),
    'future 1.0 needs Python >=3.14, and cards run on Python 3.11.',
    false,
  ],
  'two packages at odds': [
    noSolution(
      `Because all versions of needs-new depend on tiny-shape>=2 and all versions of needs-old depend on tiny-shape<2, we can conclude that all versions of needs-new and all versions of needs-old are incompatible.
         And because you require needs-old and needs-new, we can conclude that your requirements are unsatisfiable.`,
    ),
    'The packages do not fit together: needs-new needs tiny-shape>=2, needs-old needs tiny-shape<2.',
    false,
  ],
  'at odds with what every card gets': [
    noSolution('Because you require pandas<3 and pandas>=3, we can conclude that your requirements are unsatisfiable.'),
    'The packages do not fit together: every card gets pandas<3, the card asks for pandas>=3.',
    false,
  ],
  'a broken wheel': [
    noSolution(
      'Because garb==1.0 has an invalid package format and only garb==1.0 is available, we can conclude that all versions of garb cannot be used.',
    ),
    'The wheel of garb 1.0 is broken.',
    false,
  ],
  'an index that does not answer': [
    'error: Request failed after 3 retries in 12.3s\n  cause: Failed to fetch: http://127.0.0.1:9/simple/humanize/\n  cause: tcp connect error\n  cause: Connection refused (os error 111)\n',
    'The package index cannot be reached: Connection refused (os error 111).',
    true,
  ],
  'a full disk': ['error: Failed to install: x\n  cause: No space left on device (os error 28)\n', 'The disk of the runner is full.', true],
  'other bytes': [
    'error: Failed to read `x==1.0`\n  cause: Hash mismatch for `x==1.0`\n\nExpected:\n',
    'The index now has other bytes for x==1.0 than when its environment was locked; ask for the environment again with Retry.',
    false,
  ],
  'something new': ['error: the moon is full\n', 'The packages could not be installed: the moon is full.', false],
};

describe('what uv says, in one sentence', () => {
  test.each(Object.entries(SAID))('%s', (_, [output, message, temporary]) => {
    const fault = explainFailure({ ended: 'finished', code: 1, output }, CONTEXT);
    expect(fault).toEqual({ message, temporary, details: output.trim() });
  });

  test('a deadline is tried again, too large an environment is not', () => {
    expect(explainFailure({ ended: 'timeout', code: null, output: '' }, CONTEXT)).toMatchObject({ temporary: true });
    expect(explainFailure({ ended: 'disk', code: null, output: '' }, CONTEXT)).toEqual({
      temporary: false,
      message: 'The packages need more than 1024 MiB, the most this runner gives to one environment.',
    });
  });

  test('a slip finds the package that was meant, a strange name none', () => {
    expect(['sklearn', 'cv2', 'torhc', 'xgbost', 'pandas3'].map(closestPackage)).toEqual([
      'scikit-learn',
      'opencv-python-headless',
      'torch',
      'xgboost',
      'pandas',
    ]);
    expect(closestPackage('ensemble-of-our-own')).toBeUndefined();
  });
});
