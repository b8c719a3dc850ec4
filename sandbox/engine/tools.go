//go:build tools

// Package engine pins the Pulumi CLI, its language host for YAML and everything they are made of (go.sum), so that they can be
// built where no release can be downloaded. Nothing here is ever run: `go build` of the two packages in this module is the whole use.
package engine

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
