#include "io/byte_source.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace permafrost {

ByteSource ByteSource::Of(std::vector<std::byte> bytes) {
  const std::uint64_t size = bytes.size();
  const auto held = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  return {[held](std::uint64_t offset, std::span<std::byte> out) -> Status {
            std::ranges::copy(std::span(*held).subspan(static_cast<std::size_t>(offset), out.size()), out.begin());
            return {};
          },
          size};
}

ByteSource ByteSource::Part(std::uint64_t offset, std::uint64_t part_size) const {
  return {[all = fetch, offset](std::uint64_t at, std::span<std::byte> out) { return all(offset + at, out); },
          part_size};
}

Result<std::vector<std::byte>> ByteSource::ReadAll() const {
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  if (Status status = fetch(0, bytes); !status.ok()) return status;
  return bytes;
}

}  // namespace permafrost
