package io.sealift.registry.http2;

import java.net.ProtocolException;
import java.util.List;

/// The headers that both sides know without being told (RFC 7541, appendix A), counted from 1.
final class StaticTable {

  /// A header.
  record Header(String name, String value) {}

  private static final List<Header> HEADERS =
      """
      :authority
      :method GET
      :method POST
      :path /
      :path /index.html
      :scheme http
      :scheme https
      :status 200
      :status 204
      :status 206
      :status 304
      :status 400
      :status 404
      :status 500
      accept-charset
      accept-encoding gzip, deflate
      accept-language
      accept-ranges
      accept
      access-control-allow-origin
      age
      allow
      authorization
      cache-control
      content-disposition
      content-encoding
      content-language
      content-length
      content-location
      content-range
      content-type
      cookie
      date
      etag
      expect
      expires
      from
      host
      if-match
      if-modified-since
      if-none-match
      if-range
      if-unmodified-since
      last-modified
      link
      location
      max-forwards
      proxy-authenticate
      proxy-authorization
      range
      referer
      refresh
      retry-after
      server
      set-cookie
      strict-transport-security
      transfer-encoding
      user-agent
      vary
      via
      www-authenticate
      """
          .lines()
          .map(StaticTable::header)
          .toList();

  private StaticTable() {}

  private static Header header(String line) {
    int space = line.indexOf(' ');
    return space < 0
        ? new Header(line, "")
        : new Header(line.substring(0, space), line.substring(space + 1));
  }

  /// @throws ProtocolException when there is none with that number: the table that would go on
  ///   behind this one has no room for any
  static Header get(int index) throws ProtocolException {
    if (index < 1 || index > HEADERS.size()) {
      throw new ProtocolException("a header of HTTP/2 out of a table that has no such entry");
    }
    return HEADERS.get(index - 1);
  }
}
