#include "devices/kernels/op_rows.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tensor/dtype.h"

namespace permafrost::devices {
namespace {

DtypeSet Only(DataType dtype) { return DtypeSet{1} << static_cast<unsigned>(dtype); }

TEST(OpRowsTest, ReadsSetsAndRows) {
  const auto read = ReadOpRows(
      "# a comment\n"
      "floats = float16 float32\n"
      "both   = floats int32\r\n"
      "\n"
      "Arg  T=both,string\toutput_type=int64 host=dimension,output\n"
      "Arg  T=bool\n"
      "NoOp");
  ASSERT_TRUE(std::holds_alternative<std::vector<OpRow>>(read));
  const auto& rows = std::get<0>(read);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].op, "Arg");
  ASSERT_EQ(rows[0].constraints.size(), 2u);
  EXPECT_EQ(rows[0].constraints[0].attribute, "T");
  EXPECT_EQ(rows[0].constraints[0].allowed,
            Only(DataType::kFloat16) | Only(DataType::kFloat32) | Only(DataType::kInt32) | Only(DataType::kString));
  EXPECT_EQ(rows[0].constraints[1].attribute, "output_type");
  EXPECT_EQ(rows[0].constraints[1].allowed, Only(DataType::kInt64));
  EXPECT_EQ(rows[0].host_arguments, (std::vector<std::string_view>{"dimension", "output"}));
  EXPECT_EQ(rows[1].constraints[0].allowed, Only(DataType::kBool));
  EXPECT_TRUE(rows[1].host_arguments.empty());
  EXPECT_EQ(rows[2].op, "NoOp");
  EXPECT_TRUE(rows[2].constraints.empty());
}

TEST(OpRowsTest, AnEmptyTextHasNoRows) {
  EXPECT_TRUE(std::get<0>(ReadOpRows("")).empty());
  EXPECT_TRUE(std::get<0>(ReadOpRows("# nothing\n\n \t\n")).empty());
}

struct BadTable {
  const char* name;
  const char* text;
  std::size_t line;
  const char* reason;
};

void PrintTo(const BadTable& bad, std::ostream* out) { *out << bad.name; }

class BadTables : public testing::TestWithParam<BadTable> {};

TEST_P(BadTables, AreRefusedWithLineAndReason) {
  const auto read = ReadOpRows(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<TableFault>(read));
  EXPECT_EQ(std::get<TableFault>(read).line, GetParam().line);
  EXPECT_EQ(std::get<TableFault>(read).reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadTables,
    testing::Values(BadTable{"UnknownDtype", "A  T=float33\n", 1, "'float33' is neither a dtype nor a set"},
                    BadTable{"UnknownSet", "# no sets\n\nA  T=floats\n", 3, "'floats' is neither a dtype nor a set"},
                    BadTable{"SetBelow", "a = b\nb = int32\n", 1, "'b' is neither a dtype nor a set"},
                    BadTable{"EmptySet", "a =\n", 1, "the set 'a' is empty"},
                    BadTable{"SetTwice", "a = int8\na = int16\n", 2, "the set 'a' is there twice"},
                    BadTable{"SetNamedLikeADtype", "int8 = int16\n", 1, "the set 'int8' has the name of a dtype"},
                    BadTable{"SetAfterRow", "A\na = int8\n", 2, "the set 'a' comes after a row"},
                    BadTable{"OpsOutOfOrder", "B\nA\n", 2, "'A' comes after 'B', which is not their order"},
                    BadTable{"NoOpName", "T=int8\n", 1, "expected an op but found 'T=int8'"},
                    BadTable{"NoSign", "A  int8\n", 1, "expected name=values but found 'int8'"},
                    BadTable{"NoAttribute", "A  =int8\n", 1, "expected name=values but found '=int8'"},
                    BadTable{"NoValue", "A  T=\n", 1, "an empty value in 'T='"},
                    BadTable{"TrailingComma", "A  T=int8,\n", 1, "an empty value in 'T=int8,'"},
                    BadTable{"NoHostArgument", "A  host=\n", 1, "an empty value in 'host='"},
                    BadTable{"AttributeTwice", "A  T=int8  T=int16\n", 1, "the attribute 'T' is there twice"},
                    BadTable{"HostTwice", "A  host=x  host=y\n", 1, "'host' is there twice"},
                    BadTable{"SpacesAroundComma", "A\nB  T=int8 , int16\n", 2, "expected name=values but found ','"}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace permafrost::devices
