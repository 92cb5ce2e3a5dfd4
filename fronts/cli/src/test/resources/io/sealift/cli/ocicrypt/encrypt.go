// Encrypts all layers of an image in a layout directory with the ocicrypt library, and puts the
// result beside it under another name:
//
//	encrypt LAYOUT NAME NEWNAME RECIPIENT...
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/containers/ocicrypt"
	"github.com/containers/ocicrypt/helpers"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

const refName = "org.opencontainers.image.ref.name"

var layout string

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func blob(d digest.Digest) string {
	return filepath.Join(layout, "blobs", d.Algorithm().String(), d.Encoded())
}

func read(file string, into any) {
	data, err := os.ReadFile(file)
	check(err)
	check(json.Unmarshal(data, into))
}

func put(desc *ocispec.Descriptor, data []byte) {
	desc.Digest = digest.FromBytes(data)
	desc.Size = int64(len(data))
	check(os.WriteFile(blob(desc.Digest), data, 0o644))
}

func main() {
	layout = os.Args[1]
	crypto, err := helpers.CreateCryptoConfig(os.Args[4:], nil)
	check(err)
	var index ocispec.Index
	read(filepath.Join(layout, "index.json"), &index)
	for _, desc := range index.Manifests {
		if desc.Annotations[refName] != os.Args[2] {
			continue
		}
		var manifest ocispec.Manifest
		read(blob(desc.Digest), &manifest)
		for i := range manifest.Layers {
			layer := &manifest.Layers[i]
			plain, err := os.ReadFile(blob(layer.Digest))
			check(err)
			reader, finish, err := ocicrypt.EncryptLayer(crypto.EncryptConfig, bytes.NewReader(plain), *layer)
			check(err)
			secret, err := io.ReadAll(reader)
			check(err)
			annotations, err := finish()
			check(err)
			layer.Annotations = annotations
			layer.MediaType += "+encrypted"
			put(layer, secret)
		}
		data, err := json.Marshal(manifest)
		check(err)
		put(&desc, data)
		desc.Annotations = map[string]string{refName: os.Args[3]}
		index.Manifests = append(index.Manifests, desc)
		data, err = json.Marshal(index)
		check(err)
		check(os.WriteFile(filepath.Join(layout, "index.json"), data, 0o644))
		return
	}
	check(fmt.Errorf("no image %s", os.Args[2]))
}
