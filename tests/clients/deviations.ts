import { isObject, type Json, type JsonObject } from "../../sandbox/arm/json.ts";
import { membersOf, type SdkModels, type SdkType } from "../../sandbox/arm/sdkModels.ts";

/**
 * Where an answer differs from an SDK's model of it: members that the model does not have, members that it requires and that are missing,
 * and values of another type, each with its path.
 */
export function deviations(models: SdkModels, model: string, answer: JsonObject, path = model): string[] {
  const members = membersOf(models, model);
  const unknown = Object.keys(answer).filter((name) => !members.has(name));
  return [
    ...unknown.map((name) => `${path}.${name} is unknown`),
    ...[...members].flatMap(([name, { required, type }]) => {
      const value = answer[name];
      if (value === undefined || value === null) return required ? [`${path}.${name} is missing`] : [];
      return valueDeviations(models, type, value, `${path}.${name}`);
    }),
  ];
}

function valueDeviations(models: SdkModels, type: SdkType, value: Json, path: string): string[] {
  const wrong = [`${path} is ${JSON.stringify(value)}`];
  switch (type.kind) {
    case "any":
      return [];
    case "list":
      if (!Array.isArray(value)) return wrong;
      return value.flatMap((item, index) => valueDeviations(models, type.of, item, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return wrong;
      return Object.entries(value).flatMap(([key, item]) => valueDeviations(models, type.of, item, `${path}.${key}`));
    case "object":
      if (!isObject(value)) return wrong;
      // A resource that another one names by its id.
      return Object.keys(value).join() === "id" ? [] : deviations(models, type.model, value, path);
    case "reference":
      return isObject(value) && typeof value.id === "string" ? [] : wrong;
    case "enum":
    case "string":
      return typeof value === "string" ? [] : wrong;
    case "boolean":
      return typeof value === "boolean" ? [] : wrong;
    default:
      return typeof value === "number" ? [] : wrong;
  }
}
