/// The demonstration: an image made of this machine's own files, served by a registry in this
/// process, pulled and run. Open {@link io.sealift.cli.demo.DemoImage} first.
@NullMarked
package io.sealift.cli.demo;

import org.jspecify.annotations.NullMarked;
