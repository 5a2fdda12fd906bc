// The list of models under the model's name.
#include "app/window/model_picker.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "app/ui/amounts.h"
#include "app/window/start_model.h"
#include "tests/app/window/play.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;

namespace {

FoundModel make_model(std::string name, std::string family, std::string problem = "") {
    FoundModel model;
    model.name = std::move(name);
    model.path = "/models/" + model.name;
    model.origin = "user";
    model.family = std::move(family);
    model.problem = std::move(problem);
    return model;
}

// Only what ships, whatever this machine has besides.
class NoOwnModels {
  public:
    NoOwnModels() {
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            if (const char* value = std::getenv(kNames[i])) before_[i] = value;
            ::setenv(kNames[i], (folder_ / "none").c_str(), 1);
        }
    }
    ~NoOwnModels() {
        for (std::size_t i = 0; i < kNames.size(); ++i) {
            if (before_[i]) {
                ::setenv(kNames[i], before_[i]->c_str(), 1);
            } else {
                ::unsetenv(kNames[i]);
            }
        }
    }
    NoOwnModels(const NoOwnModels&) = delete;
    NoOwnModels& operator=(const NoOwnModels&) = delete;

  private:
    static constexpr std::array<const char*, 2> kNames{"XDG_DATA_HOME", "HF_HUB_CACHE"};
    heed::test::TempDir folder_;
    std::array<std::optional<std::string>, 2> before_;
};

}  // namespace

TEST_SUITE_BEGIN("app/window/model_picker");

TEST_CASE("amounts are told with one decimal and the unit of their thousands") {
    CHECK(describe_count(0) == "0");
    CHECK(describe_count(999) == "999");
    CHECK(describe_count(1000) == "1.0 k");
    CHECK(describe_count(999949) == "999.9 k");
    CHECK(describe_count(999950) == "1.0 M");
    CHECK(describe_count(134515008) == "134.5 M");
    CHECK(describe_count(70000000000) == "70.0 B");
    CHECK(describe_bytes(950) == "950 B");
    CHECK(describe_bytes(98362432) == "98.4 MB");
    CHECK(describe_bytes(4800000000000) == "4800.0 GB");
}

TEST_CASE("letters find models by name before family, none finds all in their order") {
    const std::vector<FoundModel> models = {
        make_model("stories", "gpt2"), make_model("words", "bert"),
        make_model("bert-large", "bert"), make_model("broken", "xlnet", "no")};
    using Places = std::vector<std::size_t>;
    CHECK(rank_models(models, "") == Places{0, 1, 2, 3});
    CHECK(rank_models(models, "bert") == Places{2, 1});
    CHECK(rank_models(models, "xln") == Places{3});
    CHECK(rank_models(models, "zzz").empty());
}

TEST_CASE("the start screen opens the model that is preferred, else the first that can be opened") {
    const std::string first(kStartModels[0]);
    const std::string second(kStartModels[1]);
    const FoundModel other = make_model("aaa", "bert");
    CHECK(choose_start_model({other, make_model(second, "x"), make_model(first, "x")}) == 2);
    CHECK(choose_start_model({other, make_model(second, "x"), make_model(first, "x", "no")}) == 1);
    CHECK(choose_start_model({make_model("b", "x", "no"), other}) == 1);
    CHECK(!choose_start_model({make_model(first, "x", "no")}));
    CHECK(!choose_start_model({}));
    // What is preferred ships.
    for (const std::string_view name : kStartModels) {
        CHECK(std::filesystem::exists(assets_folder() / "models" / name / "config.json"));
    }
}

TEST_CASE("the picker says how a larger model is fetched until it is there") {
    CHECK(!has_fetched_model({make_model("words", "bert"), make_model("minilm", "bert", "no")}));
    CHECK(has_fetched_model({make_model("words", "bert"), make_model("minilm", "bert")}));
    const NoOwnModels only_shipped;
    Play stage;
    stage.run("open words\nwait\nclick bar/model\nwait");
    stage.run("expect picker/larger text contains \"tools/get_model.py minilm\"");
}

TEST_CASE("the picker tells family, parameters and size, finds by letters and opens with Enter") {
    Play stage;
    stage.run("open words\nwait\nclick bar/model\nwait");
    const Json dump = stage.dump();
    bool has_words = false;
    for (const Json& item : dump.find("items")->array) {
        const std::string& text = item.find("text")->string;
        if (text.rfind("words, bert, 2.6 M parameters, 5.3 MB, shipped", 0) != 0) continue;
        has_words = item.find("kind")->string == "chosen";
    }
    CHECK(has_words);
    stage.run("type stor\nwait\nexpect menu/picker/model[0] text contains stories");
    CHECK(find_item(stage.dump(), "menu/picker/model[1]") == nullptr);
    stage.run("key Enter\nwait");
    CHECK(find_item(stage.dump(), "picker/query") == nullptr);
    CHECK(stage.document().model()->summary().name == "stories");
    stage.run("click bar/model\nwait\ntype zzzz\nwait");
    stage.run("expect picker/empty text contains \"No model\"\nkey Esc");
    // From the picker on to the folders.
    stage.run("click bar/model\nwait\nclick picker/open-file\nwait");
    CHECK(find_item(stage.dump(), "files/query") != nullptr);
    CHECK(stage.screen.take_gl_errors().empty());
}

TEST_SUITE_END();
