// Bytes in memory, as a file lends them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "io/byte_source.h"
#include "status.h"
#include "wire.h"

namespace permafrost::test {

// Whoever asks for bytes that it does not have fails the test.
inline ByteSource Source(std::string text) {
  const std::uint64_t size = text.size();
  return {[text = std::move(text)](std::uint64_t offset, std::span<std::byte> bytes) -> Status {
            if (offset > text.size() || bytes.size() > text.size() - offset) {
              ADD_FAILURE() << bytes.size() << " bytes at " << offset << " of " << text.size();
              return {StatusCode::kReadFailed, "past the end"};
            }
            std::ranges::copy(Bytes(text).subspan(static_cast<std::size_t>(offset), bytes.size()), bytes.begin());
            return {};
          },
          size};
}

inline std::string ReadAll(const ByteSource& source) {
  const auto bytes = source.ReadAll();
  return bytes.ok() ? Text(bytes.value()) : bytes.status().message();
}

}  // namespace permafrost::test
