import { reportCategories, reports } from '../../store/schema/definitions.ts';
import { modelFields, type Resource } from '../resources/resource.ts';
import { CATEGORY_REPORT } from '../resources/shapes.ts';

export const categoryResource: Resource = {
  name: 'report_category',
  noun: 'category',
  table: reportCategories,
  id: reportCategories.id,
  fields: {
    ...modelFields(reportCategories),
    name: { column: reportCategories.name, type: 'string' },
    parent_id: { column: reportCategories.parentId, type: 'uuid' },
    owner_id: { column: reportCategories.ownerId, type: 'uuid', hidden: true },
  },
  relations: {
    reports: { kind: 'many', target: 'reports', key: reports.categoryId, shape: CATEGORY_REPORT, scoped: true },
  },
  visible: () => undefined,
};
