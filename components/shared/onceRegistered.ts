import * as pulumi from "@pulumi/pulumi";

/**
 * Returns the value once the component is registered: its users do not wait for the component's children, and are left
 * unchanged if a hook refuses the component's update.
 */
export function onceRegistered<T>(component: pulumi.ComponentResource, value: pulumi.Input<T>): pulumi.Output<T> {
  const registered = new Promise<void>((resolve) => {
    component.urn.apply(() => {
      resolve();
    });
  });
  return pulumi.all([registered, value]).apply(([, known]) => known as T);
}
