//go:build tools

// Package engine pins the Pulumi CLI and everything it is made of (go.sum), so that it can be built where no release
// can be downloaded. Nothing here is ever run: `go build` of the CLI's package in this module is the whole use.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
