import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../../src/commands/exit-codes.ts';
import { configSchema } from '../../src/config.ts';
import { needs } from '../harness/needs.ts';

const FOLDER = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

interface Container {
  readonly env?: { name: string }[];
}
interface Manifest {
  readonly stringData: Record<string, string>;
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: Container[] } };
    readonly jobTemplate: {
      readonly spec: {
        readonly podFailurePolicy: { readonly rules: { readonly onExitCodes?: { readonly values: number[] } }[] };
      };
    };
  };
}
const read = (name: string): Manifest => parse(readFileSync(`${FOLDER}${name}`, 'utf8')) as Manifest;

describe('the manifests', () => {
  test('set only settings that exist', () => {
    const [container] = read('deployment.yaml').spec.template.spec.containers;
    const names = [
      ...Object.keys(read('secret.yaml').stringData),
      ...(container?.env ?? []).map((entry) => entry.name),
    ];
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !(name in configSchema.shape))).toEqual([]);
  });

  test('do not retry what a retry cannot mend', () => {
    const rules = read('cronjob.yaml').spec.jobTemplate.spec.podFailurePolicy.rules;
    const given = rules.flatMap((rule) => rule.onExitCodes?.values ?? []);
    expect(given).toEqual([EXIT.usage, EXIT.partial, EXIT.deliveryFailed]);
  });
});

needs('kube')('the manifests before a real API server', () => {
  test.each(FILES)('%s is accepted', (name) => {
    const { KUBE_SERVER = '', KUBE_TOKEN = '' } = process.env;
    const login = [
      '--kubeconfig=/dev/null',
      '--insecure-skip-tls-verify',
      `--server=${KUBE_SERVER}`,
      `--token=${KUBE_TOKEN}`,
    ];
    const check = ['apply', '--dry-run=server', '--validate=strict', '-o', 'name', '-f', `${FOLDER}${name}`];
    const { status, stdout, stderr } = spawnSync('kubectl', [...login, ...check], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringMatching(/warning/i) });
    expect(stdout).toMatch(/\/broadsheet/);
  });
});
