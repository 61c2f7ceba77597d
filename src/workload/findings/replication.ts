import { settingOf, type WorkloadFacts } from '../facts.ts';
import type { FindingRule } from '../section.ts';
import { rowsOf } from './ages.ts';
import { figuresOf, numberIn, type Told, tell } from './evidence.ts';

const LAG: Told = {
  en: [
    'Standby {standby} is {bytes} behind in replay, {lag} in time',
    'Check the network, and what replay waits for on that standby.',
  ],
  ru: [
    'Реплика {standby} отстаёт на {bytes}, по времени на {lag}',
    'Проверьте сеть и что мешает воспроизведению на этой реплике.',
  ],
  zh: ['备库 {standby} 重放落后 {bytes}，时间上落后 {lag}', '请检查网络以及该备库重放的等待原因。'],
};

const LAG_S = 60;
const LAG_BYTES = 1_000_000_000;
const GROWING_BYTES = 100_000_000;

interface Standby {
  readonly name: string;
  readonly seconds: number;
  readonly bytes: number;
}

const standbysOf = (snapshot: WorkloadFacts['range']['end']): readonly Standby[] =>
  rowsOf(snapshot, 'replication').map((of) => ({
    name: [of('application_name'), of('client_addr')].filter((word) => word !== null && word !== '').join(' '),
    seconds: numberIn(of('replay_lag_s')) ?? 0,
    bytes: numberIn(of('replay_behind_bytes')) ?? 0,
  }));

/** Whether a standby fell further behind from each snapshot to the next, over three of them at least. */
function isGrowing({ range }: WorkloadFacts, name: string): boolean {
  const snapshots = [range.start, ...range.pieces.map(({ to }) => to)];
  const bytes = snapshots.map((one) => standbysOf(one).find((standby) => standby.name === name)?.bytes ?? 0);
  return bytes.length >= 3 && bytes.every((value, at) => at === 0 || value > (bytes[at - 1] ?? 0));
}

const lag: FindingRule = {
  id: 'REPL-LAG',
  condition:
    'A standby is 60 s or 1 GB behind in replay at the end of the range, or 100 MB behind and further at each of three snapshots or more. A standby that is late on purpose (recovery_min_apply_delay) looks the same.',
  find: (facts) => {
    const { bytes, time } = figuresOf(facts);
    return standbysOf(facts.range.end)
      .filter(
        (one) =>
          one.seconds >= LAG_S || one.bytes >= LAG_BYTES || (one.bytes >= GROWING_BYTES && isGrowing(facts, one.name)),
      )
      .map((one) => {
        const values = { standby: one.name, bytes: bytes(one.bytes), lag: time(one.seconds) };
        return tell(facts, { id: 'REPL-LAG', severity: 2, place: 'replication', subject: one.name, told: LAG, values });
      });
  },
};

const SLOT: Told = {
  en: [
    'Replication slot {slot} keeps {bytes} of WAL ({state}; at most {most})',
    'Revive its consumer or drop the slot: it keeps WAL until the disk is full.',
  ],
  ru: [
    'Слот репликации {slot} удерживает {bytes} WAL ({state}; предел {most})',
    'Верните потребителя или удалите слот: он хранит WAL до заполнения диска.',
  ],
  zh: [
    '复制槽 {slot} 保留了 {bytes} WAL（{state}；上限 {most}）',
    '请恢复其消费者或删除该槽：它会一直保留 WAL 直到磁盘写满。',
  ],
};

const ACTIVE = { en: 'active', ru: 'активен', zh: '活动' } as const;
const INACTIVE = { en: 'inactive', ru: 'неактивен', zh: '不活动' } as const;

const slots: FindingRule = {
  id: 'SLOT-RETAIN',
  condition:
    'A lasting replication slot is inactive and keeps 5 GB of WAL, or is unreserved or lost, or has 1 GB or less until it is lost.',
  find: (facts) => {
    const { bytes } = figuresOf(facts);
    const most = numberIn(settingOf(facts.range, 'max_slot_wal_keep_size'));
    return rowsOf(facts.range.end, 'slots').flatMap((of) => {
      if (of('temporary') === true) return [];
      const retained = numberIn(of('retained_bytes')) ?? 0;
      const [safe, status] = [numberIn(of('safe_wal_size')), String(of('wal_status') ?? '')];
      const isKeeping = of('active') !== true && retained >= 5_000_000_000;
      const isEnding = status === 'unreserved' || status === 'lost' || (safe !== null && safe <= 1_000_000_000);
      if (!isKeeping && !isEnding) return [];
      const slot = String(of('slot_name') ?? '');
      const values = {
        slot,
        bytes: bytes(Math.max(0, retained)),
        state: `${(of('active') === true ? ACTIVE : INACTIVE)[facts.locale]}${status === '' ? '' : `, ${status}`}`,
        most: most === null || most < 0 ? '–' : bytes(most * 1_048_576),
      };
      return [tell(facts, { id: 'SLOT-RETAIN', severity: 1, place: 'replication', subject: slot, told: SLOT, values })];
    });
  },
};

export const replicationRules: readonly FindingRule[] = [lag, slots];
