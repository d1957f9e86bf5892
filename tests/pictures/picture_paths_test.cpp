#include "pictures/picture_paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;

class PicturePathsTest : public ::testing::Test {
 protected:
  std::string add(const std::string& name, const std::string& text = "x") const {
    write_file(folder_ / name, text);
    return (folder_ / name).string();
  }

  testing::TemporaryFolder folder_;
};

TEST_F(PicturePathsTest, AreFilesFoldersAndLists) {
  const std::string first = add("b.png");
  add("cats/c.png");
  add("split/train/x/d.png");
  add("split/test/e.png");
  const std::string list =
      add("lists/some.txt", "# two of them\n../b.png\r\n\n  \n" + (folder_ / "cats/c.png").string());
  EXPECT_THAT(named_pictures({first, folder_ / "cats"}), ElementsAre(first, folder_ / "cats/c.png"));
  EXPECT_THAT(named_pictures({folder_ / "split"}),
              ElementsAre(folder_ / "split/train/x/d.png", folder_ / "split/test/e.png"));
  EXPECT_THAT(named_pictures({"@" + list}), ElementsAre(folder_ / "lists/../b.png", folder_ / "cats/c.png"));
}

TEST_F(PicturePathsTest, NameTheLineOfAListThatIsWrong) {
  const std::string list = add("some.txt", "# of pictures\nnone.png\n");
  EXPECT_EQ(error_of([&] { named_pictures({"@" + list}); }), list + ", line 2: no such file as " +
                                                                 (folder_ / "none.png").string() +
                                                                 "; mend the line, or take it out");
  EXPECT_THAT(error_of([&] { named_pictures({"@" + add("empty.txt", "# nothing\n")}); }),
              HasSubstr("empty.txt: no path in it; give a text file"));
  EXPECT_THAT(error_of([&] { named_pictures({"@nowhere.txt"}); }), HasSubstr("nowhere.txt: cannot read"));
  EXPECT_EQ(error_of([&] { named_pictures({"nowhere.png"}); }), "nowhere.png: no such file or folder");
}

TEST_F(PicturePathsTest, HaveCommasBetweenThem) {
  EXPECT_THAT(picture_words("a.png, b.png"), ElementsAre("a.png", "b.png"));
  const std::string name = add("a,b.png");
  EXPECT_THAT(picture_words(name), ElementsAre(name));
  const std::string many(5000, 'a');
  EXPECT_THAT(picture_words(many + "," + many), ElementsAre(many, many));
}

TEST_F(PicturePathsTest, AreFoundFromAnyFolder) {
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(absolute_word("b/../a.png"), here + "/a.png");
  EXPECT_EQ(absolute_word("@a.txt"), "@" + here + "/a.txt");
}

}  // namespace
}  // namespace autoencoder
