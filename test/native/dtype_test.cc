#include "tensor/dtype.h"

#include <gtest/gtest.h>

namespace permafrost {
namespace {

TEST(DataTypeTest, NumbersAreTensorFlows) {
  EXPECT_EQ(static_cast<int>(DataType::kString), 7);
  EXPECT_EQ(static_cast<int>(DataType::kBfloat16), 14);
  EXPECT_EQ(static_cast<int>(DataType::kFloat16), 19);
  EXPECT_EQ(static_cast<int>(DataType::kUint64), 23);
  EXPECT_EQ(static_cast<int>(DataType::kUint4), 30);
}

TEST(DataTypeTest, NamesStandBesideTheirNumbers) {
  EXPECT_EQ(DataTypeName(DataType::kFloat32), "float32");
  EXPECT_EQ(DataTypeName(DataType::kString), "string");
  EXPECT_EQ(DataTypeName(DataType::kBool), "bool");
  EXPECT_EQ(DataTypeName(DataType::kBfloat16), "bfloat16");
  EXPECT_EQ(DataTypeName(DataType::kQuint16), "quint16");
  EXPECT_EQ(DataTypeName(DataType::kComplex128), "complex128");
  EXPECT_EQ(DataTypeName(DataType::kFloat16), "float16");
  EXPECT_EQ(DataTypeName(DataType::kVariant), "variant");
  EXPECT_EQ(DataTypeName(DataType::kUint64), "uint64");
  EXPECT_EQ(DataTypeName(DataType::kFloat8E5m2fnuz), "float8_e5m2fnuz");
  EXPECT_EQ(DataTypeName(DataType::kInt4), "int4");
  EXPECT_EQ(DataTypeName(DataType::kFloat4E2m1fn), "float4_e2m1fn");
}

TEST(DataTypeTest, IsFoundByItsName) {
  for (int number = 1; number <= 33; ++number) {
    EXPECT_EQ(DataTypeNamed(DataTypeName(static_cast<DataType>(number))), static_cast<DataType>(number));
  }
  for (const char* name : {"", "unknown", "float", "Float32", "float321"}) EXPECT_EQ(DataTypeNamed(name), std::nullopt);
}

TEST(DataTypeTest, NumbersOutsideOfTheTableAreUnknown) {
  for (const int number : {-1, 0, 34, 101, 1 << 30}) {
    EXPECT_FALSE(IsKnown(static_cast<DataType>(number))) << number;
    EXPECT_EQ(ElementSize(static_cast<DataType>(number)), 0u) << number;
    EXPECT_EQ(DataTypeName(static_cast<DataType>(number)), "unknown") << number;
  }
  for (int number = 1; number <= 33; ++number) EXPECT_TRUE(IsKnown(static_cast<DataType>(number))) << number;
}

TEST(DataTypeTest, ComplexNumbersSwapByHalves) {
  EXPECT_EQ(ElementSize(DataType::kComplex64), 8u);
  EXPECT_EQ(SwapUnit(DataType::kComplex64), 4u);
  EXPECT_EQ(ElementSize(DataType::kComplex128), 16u);
  EXPECT_EQ(SwapUnit(DataType::kComplex128), 8u);
  EXPECT_EQ(SwapUnit(DataType::kFloat16), 2u);
  EXPECT_EQ(SwapUnit(DataType::kInt4), 1u);
  EXPECT_EQ(ElementSize(DataType::kString), 0u);
}

}  // namespace
}  // namespace permafrost
