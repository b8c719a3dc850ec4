//go:build tools

// Package engine pins the Pulumi CLI, its language host for YAML and all their dependencies (go.sum), so that they can be built
// where no release can be downloaded. Nothing here is ever run: its only purpose is `go build` of the two packages.
package engine

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
