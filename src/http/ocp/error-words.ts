/** The languages of OCP's messages. */
export type MessageLanguage = 'zh-CN' | 'en-US';

export interface Wording {
  /** OCP's own number where it is public (`docs/api.md`); 0 = none of its own. */
  readonly code: number;
  /** Where it is not that of the error's kind. */
  readonly status?: 400 | 415;
  /** `{name}` stands for a fact of the error's detail. */
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** Errors with a text of their own, by `detail.rule`. */
export const RULES: Readonly<Record<string, Wording>> = {
  missing_parameter: {
    code: 0,
    'en-US': '{name} parameter is missing',
    'zh-CN': '缺少参数 {name}',
  },
  wrong_type: {
    code: 0,
    'en-US': "The parameter '{name}' of value '{value}' could not be converted to type '{type}'",
    'zh-CN': '参数 {name} 的值 {value} 无法转换为 {type} 类型',
  },
  invalid: { code: 0, 'en-US': '{name}: {problem}', 'zh-CN': '参数 {name} 无效：{problem}' },
  malformed_json: { code: 0, 'en-US': 'Malformed JSON request', 'zh-CN': 'JSON 请求格式错误' },
  not_utf8: {
    code: 0,
    'en-US': 'The parameters must be encoded in UTF-8',
    'zh-CN': '参数必须使用 UTF-8 编码',
  },
  media_type: {
    code: 0,
    status: 415,
    'en-US': "Content type '{type}' is not supported",
    'zh-CN': '不支持的 Content-Type：{type}',
  },
  unknown_route: {
    code: 0,
    'en-US': 'Could not find the {method} method for URL {path}',
    'zh-CN': '找不到 URL {path} 的 {method} 方法',
  },
  rate: { code: 0, 'en-US': 'Too many requests. Please try again later.', 'zh-CN': '请求过于频繁，请稍后重试。' },
  under_way: {
    code: 0,
    'en-US': 'You have {most} or more reports and snapshots under way. Please try again later.',
    'zh-CN': '您正在生成的报告和快照已达上限（{most} 个），请稍后重试。',
  },
  logins_busy: {
    code: 10_010,
    'en-US': 'Too many users are logging on at the same time. Please try again later.',
    'zh-CN': '同时登录的用户过多，请稍后重试。',
  },
  method_not_allowed: {
    code: 0,
    'en-US': 'The {method} method is not supported for URL {path}',
    'zh-CN': 'URL {path} 不支持 {method} 方法',
  },
  login_required: {
    code: 30_000,
    'en-US': 'The current user has not logged on or a logon error has occurred. Please log on and try again.',
    'zh-CN': '当前用户未登录或登录异常，请登录后重试。',
  },
  bad_credentials: {
    code: 30_004,
    'en-US': 'The user name or password is incorrect.',
    'zh-CN': '用户名或密码错误。',
  },
  bad_signature: {
    code: 30_004,
    'en-US': 'The access key, the signature or the date of the request is incorrect.',
    'zh-CN': 'AccessKey、签名或请求时间不正确。',
  },
  login_throttled: {
    code: 30_004,
    'en-US': 'Too many failed logons. Please try again in {retry_after} s.',
    'zh-CN': '登录失败次数过多，请在 {retry_after} 秒后重试。',
  },
  cluster_not_found: {
    code: 10_002,
    'en-US': 'The cluster with the ID of {id} does not exist.',
    'zh-CN': 'ID 为 {id} 的集群不存在。',
  },
  tenant_not_found: {
    code: 60_002,
    'en-US': 'The tenant with the ID of {id} does not exist.',
    'zh-CN': 'ID 为 {id} 的租户不存在。',
  },
  snapshot_not_found: {
    code: 10_002,
    'en-US': 'The cluster has no snapshot with the ID of {id}.',
    'zh-CN': '该集群没有 ID 为 {id} 的快照。',
  },
  report_not_found: {
    code: 10_002,
    'en-US': 'The cluster has no workload report with the ID of {id}.',
    'zh-CN': '该集群没有 ID 为 {id} 的性能报告。',
  },
  access_key_not_found: {
    code: 10_002,
    'en-US': 'The access key with the ID of {id} does not exist.',
    'zh-CN': 'ID 为 {id} 的 AccessKey 不存在。',
  },
  user_not_found: {
    code: 10_002,
    'en-US': 'The user with the ID of {id} does not exist.',
    'zh-CN': 'ID 为 {id} 的用户不存在。',
  },
  report_not_ready: {
    code: 20_003,
    'en-US': 'The workload report is {reportStatus}: there is nothing to read.',
    'zh-CN': '性能报告处于 {reportStatus} 状态，暂无内容可供查看。',
  },
  collision: {
    code: 0,
    'en-US': 'Another request has changed or removed the same object at this moment. Please try again.',
    'zh-CN': '同一对象刚刚被其他请求修改或删除，请重试。',
  },
  name_taken: { code: 10_001, 'en-US': 'The name is already taken.', 'zh-CN': '名称已被使用。' },
  name: {
    code: 10_001,
    'en-US': 'The report name must not be empty. Spaces before and after the report name are not allowed.',
    'zh-CN': '报告名称不能为空，且前后不允许有空格。',
  },
  name_length: {
    code: 10_001,
    'en-US': 'The report name is longer than {most} characters.',
    'zh-CN': '报告名称长度不能超过 {most} 个字符。',
  },
  order: {
    code: 10_005,
    'en-US': 'The end snapshot must be after the start snapshot. Modify the setting and try again.',
    'zh-CN': '结束快照必须晚于起始快照，请修改后重试。',
  },
  too_long: {
    code: 10_007,
    'en-US': 'The time range is longer than 24 hours. Shorten the time range and try again.',
    'zh-CN': '时间范围超过 24 小时，请缩短后重试。',
  },
  too_old: {
    code: 10_006,
    'en-US': 'The start snapshot is older than 30 days. Choose a later one and try again.',
    'zh-CN': '起始快照早于 30 天，请选择更晚的快照后重试。',
  },
  task_not_found: {
    code: 20_000,
    'en-US': 'The {id} task does not exist.',
    'zh-CN': '任务 {id} 不存在。',
  },
  task_state: {
    code: 20_003,
    status: 400,
    'en-US': 'This operation is not supported for the {id} task in the {state} state.',
    'zh-CN': '任务 {id} 处于 {state} 状态，不支持该操作。',
  },
  task_no_rollback: {
    code: 20_004,
    status: 400,
    'en-US': 'Task {id} can not rollback.',
    'zh-CN': '任务 {id} 不允许回滚。',
  },
};
