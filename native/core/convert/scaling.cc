#include "convert/scaling.h"

#include "convert/elements.h"
#include "convert/narrow.h"

namespace permafrost {

bool CanScale(DataType dtype) {
  return dtype == DataType::kFloat16 || dtype == DataType::kBfloat16 || dtype == DataType::kFloat32 ||
         dtype == DataType::kFloat64;
}

Scaler::Scaler(DataType dtype, const ChannelFactors& factors, std::uint64_t first)
    : widen_(ElementSize(dtype) == 2 ? FindConversion(dtype, DataType::kFloat32) : nullptr),
      narrow_(ElementSize(dtype) == 2 ? FindConversion(DataType::kFloat32, dtype) : nullptr) {
  if (dtype == DataType::kFloat64) {
    doubles_.emplace(std::span<const double>(factors.factors), factors.channels, first);
    return;
  }
  rounded_.reserve(factors.factors.size());
  for (const double factor : factors.factors) rounded_.push_back(static_cast<float>(factor));
  floats_.emplace(std::span<const float>(rounded_), factors.channels, first);
}

void Scaler::Scale(std::span<const std::byte> elements, std::span<std::byte> out) {
  if (doubles_) return ScaleDoubles(elements, out);
  if (widen_ == nullptr) return ScaleFloats(elements, out);
  wide_.resize(elements.size() / 2 * sizeof(float));
  product_.resize(wide_.size());
  widen_->convert(elements, wide_);
  ScaleFloats(wide_, product_);
  overflows_ += narrow_->convert(product_, out);
}

void Scaler::ScaleFloats(std::span<const std::byte> elements, std::span<std::byte> out) {
  const NarrowImplementation& best = BestNarrowImplementation();
  floats_->Next(elements.size() / sizeof(float), [&](std::span<const float> factors, std::size_t count) {
    const auto run = elements.first(count * sizeof(float));
    if (factors.size() == count) {
      best.multiply(run, factors, out);
    } else {
      best.multiply_by(run, factors.front(), out);
    }
    elements = elements.subspan(run.size());
    out = out.subspan(run.size());
  });
}

void Scaler::ScaleDoubles(std::span<const std::byte> elements, std::span<std::byte> out) {
  doubles_->Next(elements.size() / sizeof(double), [&](std::span<const double> factors, std::size_t count) {
    const bool one = factors.size() != count;
    for (std::size_t i = 0; i < count; ++i) {
      StoreElement(out, i, LoadElement<double>(elements, i) * factors[one ? 0 : i]);
    }
    elements = elements.subspan(count * sizeof(double));
    out = out.subspan(count * sizeof(double));
  });
}

}  // namespace permafrost
