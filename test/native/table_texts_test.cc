// The tables that are compiled in. What they say is held against TensorFlow by `npm run test:tensorflow`; here are a
// few facts about each.
#include "devices/kernels/table_texts.h"

#include <gtest/gtest.h>

#include <string>

#include "devices/kernels/op_names.h"
#include "devices/kernels/op_table.h"
#include "tensor/dtype.h"

namespace permafrost::devices {
namespace {

OpTable Read(std::string_view text) {
  auto parsed = OpTable::Parse(text);
  if (const auto* const fault = std::get_if<TableFault>(&parsed)) {
    ADD_FAILURE() << "line " << fault->line << ": " << fault->reason;
    return std::get<OpTable>(OpTable::Parse(""));
  }
  return std::get<OpTable>(std::move(parsed));
}

OpTable::Answer Find(const OpTable& table, std::string_view op, std::string_view attribute, DataType dtype) {
  const auto number = static_cast<std::int32_t>(dtype);
  const NodeTypes types{attribute, {&number, 1}};
  return table.Find(op, {&types, 1});
}

KernelState State(const OpTable& table, std::string_view op, DataType dtype) {
  return Find(table, op, "T", dtype).state;
}

std::vector<std::string> Hosts(const OpTable& table, std::string_view op, DataType dtype) {
  const auto hosts = Find(table, op, "T", dtype).host_arguments;
  return {hosts.begin(), hosts.end()};
}

TEST(TableTextsTest, Cpu) {
  const OpTable table = Read(kCpuTable);
  EXPECT_GT(table.op_count(), 1300u);
  EXPECT_EQ(State(table, "MatMul", DataType::kFloat64), KernelState::kExists);
  EXPECT_EQ(State(table, "MatMul", DataType::kString), KernelState::kNone);
  EXPECT_EQ(table.Find("StringJoin", {}).state, KernelState::kExists);
  EXPECT_EQ(table.Find("CudnnRNN", {}).state, KernelState::kUnknownOp);
}

TEST(TableTextsTest, Gpu) {
  const OpTable table = Read(kGpuTable);
  EXPECT_GT(table.op_count(), 600u);
  EXPECT_EQ(State(table, "MatMul", DataType::kFloat16), KernelState::kExists);
  EXPECT_EQ(State(table, "MatMul", DataType::kInt32), KernelState::kNone);
  EXPECT_EQ(table.Find("StringJoin", {}).state, KernelState::kUnknownOp);
  EXPECT_TRUE(Hosts(table, "AddV2", DataType::kFloat32).empty());
  EXPECT_EQ(Hosts(table, "AddV2", DataType::kInt32), (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(Hosts(table, "Reshape", DataType::kFloat32), (std::vector<std::string>{"shape"}));
}

TEST(TableTextsTest, Npu) {
  const OpTable table = Read(kNpuTable);
  EXPECT_GT(table.op_count(), 600u);
  for (const DataType dtype : {DataType::kFloat16, DataType::kFloat32}) {
    EXPECT_EQ(State(table, "Conv2D", dtype), KernelState::kExists);
    EXPECT_EQ(State(table, "MatMul", dtype), KernelState::kExists);
  }
  EXPECT_EQ(State(table, "MatMul", DataType::kInt64), KernelState::kNone);
  EXPECT_EQ(table.Find("StringJoin", {}).state, KernelState::kUnknownOp);
  EXPECT_EQ(State(table, "DynamicRnn", DataType::kFloat16), KernelState::kExists);
  EXPECT_EQ(table.Find("GroupPoint", {}).state, KernelState::kExists);
  EXPECT_EQ(table.Find("PartitionedCall", {}).state, KernelState::kExists);
}

TEST(TableTextsTest, NoKernelOfTheNpuTakesWhatItsCoresLack) {
  const OpTable table = Read(kNpuTable);
  for (const OpRow& row : table.rows()) {
    for (const DtypeConstraint& constraint : row.constraints) {
      for (const DataType dtype :
           {DataType::kFloat64, DataType::kComplex64, DataType::kComplex128, DataType::kString}) {
        EXPECT_EQ((constraint.allowed >> static_cast<unsigned>(dtype)) & 1u, 0u)
            << row.op << ' ' << DataTypeName(dtype);
      }
    }
  }
}

TEST(TableTextsTest, EveryHeavyOpHasAKernelSomewhere) {
  const auto read = ReadOpNames(kHeavyOps);
  ASSERT_TRUE(std::holds_alternative<OpNames>(read)) << std::get<TableFault>(read).reason;
  const auto& heavy = std::get<OpNames>(read);
  EXPECT_TRUE(heavy.contains("Conv2D"));
  EXPECT_FALSE(heavy.contains("Relu"));
  const OpTable tables[] = {Read(kCpuTable), Read(kGpuTable), Read(kNpuTable)};
  for (const std::string_view op : heavy) {
    bool is_known = false;
    for (const OpTable& table : tables) is_known |= table.Find(op, {}).state == KernelState::kExists;
    EXPECT_TRUE(is_known) << op;
  }
}

TEST(OpNamesTest, ReadsOneALine) {
  EXPECT_EQ(std::get<OpNames>(ReadOpNames("# ops\n\nMatMul\nConv2D\n")), (OpNames{"Conv2D", "MatMul"}));
}

TEST(OpNamesTest, RefusesTwoInALineAndOneTwice) {
  const auto two = std::get<TableFault>(ReadOpNames("MatMul\nConv2D MatMul\n"));
  EXPECT_EQ(two.line, 2u);
  EXPECT_EQ(two.reason, "expected one op but found 'MatMul' after it");
  const auto twice = std::get<TableFault>(ReadOpNames("MatMul\nConv2D\nMatMul\n"));
  EXPECT_EQ(twice.line, 3u);
  EXPECT_EQ(twice.reason, "'MatMul' is there twice");
}

}  // namespace
}  // namespace permafrost::devices
