// What a fuzzer hands over, taken apart from front to back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "io/byte_source.h"

namespace permafrost::fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }

  // 0 when nothing is left.
  std::uint8_t Byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    return byte;
  }

  std::string Rest() {
    std::string text(rest_.begin(), rest_.end());
    rest_ = {};
    return text;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

// What must hold whatever the input is.
inline void Require(bool holds) {
  if (!holds) std::abort();
}

// The bytes behind memory of their own, so that AddressSanitizer sees a step past their end.
inline ByteSource Source(std::string text) {
  const std::uint64_t size = text.size();
  return {[text = std::make_shared<const std::string>(std::move(text))](std::uint64_t offset,
                                                                        std::span<std::byte> bytes) -> Status {
            Require(offset <= text->size() && bytes.size() <= text->size() - offset);
            const auto from = std::as_bytes(std::span(*text)).subspan(static_cast<std::size_t>(offset), bytes.size());
            std::ranges::copy(from, bytes.begin());
            return {};
          },
          size};
}

}  // namespace permafrost::fuzz
