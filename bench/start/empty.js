/** An empty Pulumi program. */
import "@pulumi/pulumi";

export default () => ({});
