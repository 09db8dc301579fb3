// Elements in memory of any alignment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace permafrost {

template <typename T>
T LoadElement(std::span<const std::byte> elements, std::size_t index) {
  T value{};
  std::memcpy(&value, elements.data() + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
void StoreElement(std::span<std::byte> elements, std::size_t index, T value) {
  std::memcpy(elements.data() + index * sizeof(T), &value, sizeof(T));
}

// Each element of `in` through `convert`.
template <typename From, typename Convert>
void ConvertEach(std::span<const std::byte> in, std::span<std::byte> out, Convert convert) {
  const std::size_t count = in.size() / sizeof(From);
  for (std::size_t i = 0; i < count; ++i) StoreElement(out, i, convert(LoadElement<From>(in, i)));
}

}  // namespace permafrost
