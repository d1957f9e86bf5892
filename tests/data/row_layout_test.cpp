#include "data/row_layout.h"

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;

TEST(RowLayout, ItsTextSaysItAll) {
  RowLayout layout;
  layout.add(ColumnKind::kNumber);
  layout.add(ColumnKind::kNumber);
  layout.add(ColumnKind::kCategory, 4);
  layout.add(ColumnKind::kCategory, 4);
  layout.add(ColumnKind::kCategory, 3);
  layout.add(ColumnKind::kCount);
  const std::string text = "number*2,category:4*2,category:3,count";
  EXPECT_EQ(layout.text(), text);
  EXPECT_EQ(RowLayout(text).text(), text);
  EXPECT_EQ(layout.width(), 14);
  EXPECT_EQ(layout.spans()[3].first, 6);
}

TEST(RowLayout, EachEntryHasItsColumn) {
  EXPECT_THAT(RowLayout("yes-no,time:3,number").column_of_entries(), ElementsAre(0, 1, 1, 1, 2));
}

TEST(RowLayout, KnowsWhetherThereIsAnythingButNumbers) {
  EXPECT_TRUE(RowLayout("number*3").has_only_numbers());
  EXPECT_FALSE(RowLayout("number*3,count").has_only_numbers());
}

TEST(RowLayout, RefusesWhatIsNone) {
  EXPECT_THAT(error_of([] { RowLayout("numbr*3"); }), HasSubstr("did you mean 'number'?"));
  EXPECT_THAT(error_of([] { RowLayout("number*0"); }), HasSubstr("a whole number from 1"));
  EXPECT_THAT(error_of([] { RowLayout("category:x"); }), HasSubstr("a whole number from 1"));
  EXPECT_THAT(error_of([] { RowLayout("category:1000000*1000000"); }), HasSubstr("1,000,000 numbers a row"));
}

}  // namespace
}  // namespace autoencoder
