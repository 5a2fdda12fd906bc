#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "core/model/model_folder.h"
#include "tests/core/model/gguf_case.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

namespace fs = std::filesystem;

// Sets an environment variable for as long as it lives.
class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        setenv(name, value.c_str(), 1);
    }
    ~Variable() {
        if (old_) setenv(name_, old_->c_str(), 1);
        if (!old_) unsetenv(name_);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    const char* name_;
    std::optional<std::string> old_;
};

const FoundModel* find(const std::vector<FoundModel>& models, std::string_view name) {
    const auto found = std::find_if(models.begin(), models.end(),
                                    [name](const FoundModel& one) { return one.name == name; });
    return found == models.end() ? nullptr : &*found;
}

// A place of its own for each kind of model.
struct Places {
    TempDir root;
    Variable assets{"HEED_ASSETS", (root.path() / "assets").string()};
    Variable data{"XDG_DATA_HOME", (root.path() / "data").string()};
    Variable cache{"XDG_CACHE_HOME", (root.path() / "cache").string()};
    Variable hub{"HF_HUB_CACHE", ""};
    Variable home{"HF_HOME", ""};
};

void write_tiny(const fs::path& folder) {
    const std::string config = tiny_gpt2("GPT2LMHeadModel");
    write_model(folder, config, draw_tensors(config));
}

TEST_SUITE_BEGIN("core/model/find_models");

TEST_CASE("models are found where they lie, with why one cannot be opened") {
    const Places places;
    const fs::path root = places.root.path();
    write_tiny(root / "assets/models/stories");
    fs::create_directories(root / "assets/worksheets");
    places.root.write("assets/worksheets/sheet.json",
                      R"({"name": "first", "tokens": ["a"], "vectors": [[1]]})");
    places.root.write("assets/worksheets/broken.json", R"({"tokens": ["a"]})");
    places.root.write("assets/worksheets/schema.json", "{}");
    write_tiny(root / "data/heed/models/mine");
    fs::create_directories(root / "data/heed/models/other");
    places.root.write("data/heed/models/other/config.json", R"({"model_type": "xlnet"})");
    fs::create_directories(root / "data/heed/models/empty");
    const fs::path hub = root / "cache/huggingface/hub";
    write_tiny(hub / "models--org--name/snapshots/abc");
    fs::create_directories(hub / "datasets--org--data/snapshots/abc");

    const std::vector<FoundModel> models = find_models();
    std::vector<std::string> names;
    for (const FoundModel& model : models) names.push_back(model.name);
    CHECK(names == std::vector<std::string>{"stories", "broken", "first", "empty", "mine", "other",
                                            "org/name"});
    CHECK(find(models, "stories")->origin == "shipped");
    CHECK(find(models, "stories")->family == "gpt2");
    CHECK(find(models, "stories")->problem == "");
    CHECK(find(models, "stories")->parameters > 0);
    CHECK(find(models, "stories")->bytes > 4 * find(models, "stories")->parameters);
    CHECK(find(models, "first")->origin == "worksheet");
    CHECK(find_flaw(find(models, "broken")->problem, {"vectors"}) == "");
    CHECK(find(models, "mine")->origin == "user");
    CHECK(find_flaw(find(models, "other")->problem, {"model_type", "xlnet"}) == "");
    CHECK(find_flaw(find(models, "empty")->problem, {"config.json"}) == "");
    CHECK(find(models, "other")->family == "xlnet");
    CHECK(find(models, "org/name")->origin == "Hugging Face cache");
}

TEST_CASE("GGUF files are models: alone in a folder by its name, several by their own too") {
    const Places places;
    const fs::path data = places.root.path() / "data/heed/models";
    const GgufCase c = list_gguf_cases().front();
    const std::string whole = write_gguf(c, draw_tensors(c.config));
    GgufWriter unknown;
    unknown.string("general.architecture", "mamba");
    unknown.tensor("token_embd.weight", {3, 5}, std::vector<float>(15));
    for (const char* folder : {"one", "two", "Zed"}) fs::create_directories(data / folder);
    const auto put = [&](const std::string& path, const std::string& content) {
        places.root.write("data/heed/models/" + path, content);
    };
    put("one/a.Q8_0.gguf", whole);
    put("two/a.gguf", whole);
    put("two/b.gguf", unknown.done());
    put("alone.gguf", whole);
    put("Zed/m.gguf", "GGUF");
    const fs::path hub = places.root.path() / "cache/huggingface/hub/models--org--name";
    fs::create_directories(hub / "snapshots/abc");
    fs::create_directories(hub / "blobs");
    places.root.write("cache/huggingface/hub/models--org--name/blobs/123", whole);
    fs::create_symlink("../../blobs/123", hub / "snapshots/abc/m.gguf");

    const std::vector<FoundModel> models = find_models();
    std::vector<std::string> names;
    for (const FoundModel& model : models) names.push_back(model.name);
    CHECK(names == std::vector<std::string>{"alone", "one", "two/a", "two/b", "Zed", "org/name"});
    CHECK(find(models, "one")->family == "gpt2");
    CHECK(find(models, "one")->problem == "");
    CHECK(find(models, "one")->bytes == whole.size());
    CHECK(find(models, "two/b")->family == "mamba");
    CHECK(find(models, "two/b")->parameters == 15);
    CHECK(find_flaw(find(models, "two/b")->problem, {"general.architecture", "mamba"}) == "");
    CHECK(find_flaw(find(models, "Zed")->problem, {"version"}) == "");
    CHECK(find(models, "org/name")->bytes == whole.size());
    CHECK(find(models, "org/name")->problem == "");
    CHECK(open_model(resolve_model("two/a"))->summary().family == "gpt2");
    CHECK(open_model(data / "one")->summary().name == "a.Q8_0");
    CHECK(find_flaw(message_of([&] { open_model(data / "two"); }),
                    {"one GGUF file", "a.gguf, b.gguf"}) == "");
}

TEST_CASE("what cannot be opened is counted by the heads of its files") {
    const Places places;
    const fs::path folder = places.root.path() / "data/heed/models/other";
    write_tiny(folder);
    places.root.write("data/heed/models/other/config.json", R"({"model_type": "xlnet"})");
    const std::vector<FoundModel> models = find_models();
    const FoundModel* found = find(models, "other");
    REQUIRE(found != nullptr);
    CHECK(found->problem != "");
    CHECK(found->parameters > 100);
    CHECK(found->bytes > 4 * found->parameters);
}

TEST_CASE("a cached repository is its main revision, else the last one") {
    const Places places;
    const fs::path elsewhere = places.root.path() / "elsewhere";
    const Variable hub("HF_HUB_CACHE", elsewhere.string());
    const fs::path repository = elsewhere / "models--one";
    write_tiny(repository / "snapshots/aaa");
    write_tiny(repository / "snapshots/bbb");
    CHECK(find(find_models(), "one")->path == repository / "snapshots/bbb");
    fs::create_directories(repository / "refs");
    places.root.write("elsewhere/models--one/refs/main", "aaa");
    CHECK(find(find_models(), "one")->path == repository / "snapshots/aaa");
    places.root.write("elsewhere/models--one/refs/main", "../../../etc");
    CHECK(find(find_models(), "one")->path == repository / "snapshots/bbb");
}

TEST_CASE("HF_HOME has its cache in hub") {
    const Places places;
    const Variable home("HF_HOME", (places.root.path() / "hf").string());
    write_tiny(places.root.path() / "hf/hub/models--org--name/snapshots/abc");
    CHECK(find(find_models(), "org/name") != nullptr);
}

TEST_CASE("a model is named by a path or a name") {
    const Places places;
    const fs::path root = places.root.path();
    write_tiny(root / "assets/models/stories");
    CHECK(resolve_model("stories") == root / "assets/models/stories");
    const std::string path = (root / "assets/models/stories/config.json").string();
    CHECK(resolve_model(path) == path);
    CHECK(find_flaw(message_of([] { resolve_model("storys"); }),
                    {"storys", "a path or one of stories", "nothing of this name"}) == "");
}

TEST_CASE("a model opens by its folder or any file in it") {
    const TempDir folder;
    write_tiny(folder.path());
    folder.write("tokenizer_config.json", "{}");
    for (const char* file : {"config.json", "model.safetensors", "tokenizer_config.json"}) {
        CHECK(open_model(folder / file)->summary().family == "gpt2");
    }
    CHECK(open_model(folder.path() / "")->summary().name == folder.path().filename());
    CHECK(find_flaw(message_of([&] { open_model(folder / "nothing"); }),
                    {"a model folder", "nothing there"}) == "");
    const TempDir other;
    other.write("model.safetensors", "x");
    other.write("model.gguf", "GGUF");
    CHECK(find_flaw(message_of([&] { open_model(other / "model.safetensors"); }),
                    {"without a config.json"}) == "");
    CHECK(find_flaw(message_of([&] { open_model(other / "model.gguf"); }), {"version"}) == "");
    CHECK(find_flaw(message_of([&] { open_model(other.path()); }), {"version"}) == "");
    const TempDir nothing;
    CHECK(find_flaw(message_of([&] { open_model(nothing.path()); }), {"config.json"}) == "");
}

TEST_CASE("assets are found beside the sources where nothing else says so") {
    CHECK(fs::is_directory(assets_folder() / "worksheets"));
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
