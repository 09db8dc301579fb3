#include "crc32c/crc32c.h"

#include <array>

#include "crc32c/implementations.h"
#include "crc32c/polynomial.h"

namespace permafrost::crc32c {
namespace {

struct Available {
  std::array<Implementation, 3> list{};
  std::size_t count = 0;

  void Add(std::string_view name, Extender extend) {
    if (extend != nullptr) list[count++] = {name, extend};
  }
};

Available Detect() {
  Available available;
  available.Add("sse4.2", Sse42Extend());
  available.Add("armv8", ArmExtend());
  available.Add("portable", PortableExtend());
  return available;
}

}  // namespace

std::span<const Implementation> Implementations() {
  static const Available kAvailable = Detect();
  return std::span(kAvailable.list).first(kAvailable.count);
}

std::uint32_t Extend(std::uint32_t crc, std::span<const std::byte> bytes) {
  static const Extender kExtend = Implementations().front().extend;
  return kExtend(crc, bytes);
}

std::uint32_t Combine(std::uint32_t a, std::uint32_t b, std::uint64_t b_size) {
  return Multiply(a, PowerOfX(8 * b_size)) ^ b;
}

}  // namespace permafrost::crc32c
