#include "devices/kernels/op_table.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "tensor/dtype.h"

namespace permafrost::devices {
namespace {

constexpr std::string_view kText =
    "floats = float16 float32\n"
    "Cast  SrcT=floats  DstT=int32\n"
    "Cast  SrcT=int32   DstT=floats\n"
    "Concat  T=floats  host=axis\n"
    "Concat  T=int32   host=values,axis,output\n"
    "NoOp\n"
    "PyFunc  Tin=floats,int32\n";

OpTable Table() { return std::get<OpTable>(OpTable::Parse(kText)); }

// A type attribute with its dtypes.
struct Given {
  Given(std::string_view name, std::initializer_list<DataType> list) : attribute(name) {
    for (const DataType dtype : list) dtypes.push_back(static_cast<std::int32_t>(dtype));
  }
  std::string_view attribute;
  std::vector<std::int32_t> dtypes;
};

std::vector<NodeTypes> Types(const std::vector<Given>& given) {
  std::vector<NodeTypes> types;
  for (const Given& each : given) types.push_back({each.attribute, each.dtypes});
  return types;
}

KernelState State(std::string_view op, const std::vector<Given>& given) { return Table().Find(op, Types(given)).state; }
std::string WhyNot(std::string_view op, const std::vector<Given>& given) { return Table().WhyNot(op, Types(given)); }

constexpr DataType kHalf = DataType::kFloat16;
constexpr DataType kFloat = DataType::kFloat32;
constexpr DataType kDouble = DataType::kFloat64;
constexpr DataType kInt = DataType::kInt32;

TEST(OpTableTest, AnOpOutsideOfTheTableIsUnknown) {
  EXPECT_EQ(State("MatMul", {{"T", {kFloat}}}), KernelState::kUnknownOp);
  EXPECT_EQ(WhyNot("MatMul", {{"T", {kFloat}}}), "no kernel for this op");
}

TEST(OpTableTest, ARowWithoutConstraintsTakesAll) {
  EXPECT_EQ(State("NoOp", {}), KernelState::kExists);
  EXPECT_EQ(State("NoOp", {{"T", {kDouble}}}), KernelState::kExists);
}

TEST(OpTableTest, TheFirstRowThatFitsSaysWhatIsInHostMemory) {
  const OpTable table = Table();
  const std::vector<Given> floats = {{"T", {kFloat}}};
  const std::vector<Given> ints = {{"T", {kInt}}};
  const auto hosts = [&](const std::vector<Given>& given) {
    const OpTable::Answer answer = table.Find("Concat", Types(given));
    EXPECT_EQ(answer.state, KernelState::kExists);
    return std::vector<std::string_view>(answer.host_arguments.begin(), answer.host_arguments.end());
  };
  EXPECT_EQ(hosts(floats), (std::vector<std::string_view>{"axis"}));
  EXPECT_EQ(hosts(ints), (std::vector<std::string_view>{"values", "axis", "output"}));
}

TEST(OpTableTest, SaysWhichDtypeHasNoKernel) {
  EXPECT_EQ(State("Concat", {{"T", {kDouble}}}), KernelState::kNone);
  EXPECT_EQ(WhyNot("Concat", {{"T", {kDouble}}}), "no kernel for T=float64");
  EXPECT_EQ(WhyNot("Concat", {{"N", {kFloat}}, {"T", {static_cast<DataType>(99)}}}), "no kernel for T=unknown");
}

TEST(OpTableTest, SaysWhichDtypesHaveNoKernelTogether) {
  EXPECT_EQ(State("Cast", {{"SrcT", {kHalf}}, {"DstT", {kInt}}}), KernelState::kExists);
  EXPECT_EQ(State("Cast", {{"SrcT", {kHalf}}, {"DstT", {kFloat}}}), KernelState::kNone);
  EXPECT_EQ(WhyNot("Cast", {{"SrcT", {kHalf}}, {"DstT", {kFloat}}}),
            "no kernel for SrcT=float16 together with DstT=float32");
  EXPECT_EQ(WhyNot("Cast", {{"SrcT", {kDouble}}, {"DstT", {kFloat}}}), "no kernel for SrcT=float64");
}

TEST(OpTableTest, AllDtypesOfAListMustBeAllowed) {
  EXPECT_EQ(State("PyFunc", {{"Tin", {kInt, kFloat, kInt}}}), KernelState::kExists);
  EXPECT_EQ(State("PyFunc", {{"Tin", {}}}), KernelState::kExists);
  EXPECT_EQ(State("PyFunc", {{"Tin", {kInt, kDouble, kDouble, DataType::kString}}}), KernelState::kNone);
  EXPECT_EQ(WhyNot("PyFunc", {{"Tin", {kInt, kDouble, kDouble, DataType::kString}}}),
            "no kernel for Tin=float64,string");
}

TEST(OpTableTest, ListsWhoseDtypesAreAllowedAloneOnlyAreNamedWhole) {
  const auto parsed = OpTable::Parse("A  T=int8\nA  T=int16\n");
  const auto& table = std::get<OpTable>(parsed);
  const std::vector<Given> both = {{"T", {DataType::kInt8, DataType::kInt16}}};
  EXPECT_EQ(table.Find("A", Types(both)).state, KernelState::kNone);
  EXPECT_EQ(table.WhyNot("A", Types(both)), "no kernel for T=int8,int16");
}

TEST(OpTableTest, WhatIsNotKnownOfANodeIsNotHeldAgainstIt) {
  EXPECT_EQ(State("Cast", {{"DstT", {kInt}}}), KernelState::kExists);
  EXPECT_EQ(State("Cast", {{"SrcT", {DataType::kInvalid}}, {"DstT", {kFloat}}}), KernelState::kExists);
}

TEST(OpTableTest, NumbersOutsideOfASetAreNotAllowed) {
  for (const int number : {-1, 34, 63, 64, 101, 1 << 30}) {
    EXPECT_EQ(State("Concat", {{"T", {static_cast<DataType>(number)}}}), KernelState::kNone) << number;
  }
}

TEST(OpTableTest, ABadTableIsAFault) {
  const auto parsed = OpTable::Parse("NoOp\nNoOp T\n");
  ASSERT_TRUE(std::holds_alternative<TableFault>(parsed));
  EXPECT_EQ(std::get<TableFault>(parsed).line, 2u);
}

}  // namespace
}  // namespace permafrost::devices
