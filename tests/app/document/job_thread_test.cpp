#include "app/document/job_thread.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "core/base/check.h"
#include "core/base/error.h"

using namespace heed;
using namespace heed::app;

namespace {

// Runs frames that call `ask` until it returns true, for at most 20 s.
template <class Ask>
void run_until(JobThread& jobs, const Ask& ask) {
    for (int i = 0; i < 20000; ++i) {
        const bool is_done = ask();
        jobs.end_frame();
        if (is_done) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    FAIL("the job did not end in time");
}

// Work that goes on until it is cancelled, and counts that it ended.
auto endless(std::atomic<int>& started, std::atomic<int>& ended) {
    return [&started, &ended](const CancelToken& cancel) -> int {
        ++started;
        while (!cancel.is_cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ++ended;
        throw Cancelled();
    };
}

}  // namespace

TEST_SUITE_BEGIN("app/document/jobs");

TEST_CASE("work under way tells how far it is") {
    JobThread jobs([] {});
    std::atomic<bool> goes_on = false;
    const auto ask = [&] {
        return jobs.get<int>("counts", 1, [&goes_on](const CancelToken& cancel) {
            cancel.report(3, 12);
            while (!goes_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return 1;
        });
    };
    CHECK(jobs.progress().total == 0);
    run_until(jobs, [&] {
        ask();
        return jobs.progress().total == 12;
    });
    CHECK(jobs.progress().done == 3);
    goes_on = true;
    run_until(jobs, [&] { return ask().is_current; });
    CHECK(jobs.progress().total == 0);
}

TEST_CASE("work is done once for a version and stays while it is asked for") {
    std::atomic<int> wakes = 0;
    std::atomic<int> runs = 0;
    JobThread jobs([&] { ++wakes; });
    const auto ask = [&](std::uint64_t version) {
        return jobs.get<int>("view/thing", version, [&runs, version](const CancelToken&) {
            ++runs;
            return static_cast<int>(version) * 10;
        });
    };
    Job<int> job = ask(1);
    CHECK(job.value == nullptr);
    CHECK_FALSE(job.is_current);
    CHECK(jobs.is_busy());
    run_until(jobs, [&] { return ask(1).is_current; });
    CHECK(*ask(1).value == 10);
    CHECK_FALSE(jobs.is_busy());
    CHECK(wakes == 1);
    // The old result stays until the new one is there.
    job = ask(2);
    CHECK(*job.value == 10);
    CHECK_FALSE(job.is_current);
    run_until(jobs, [&] { return ask(2).is_current; });
    CHECK(*ask(2).value == 20);
    for (int i = 0; i < 100; ++i) {
        CHECK(ask(2).is_current);
        jobs.end_frame();
    }
    CHECK(runs == 2);
}

TEST_CASE("another version cancels the one that runs") {
    std::atomic<int> started = 0;
    std::atomic<int> ended = 0;
    JobThread jobs([] {});
    jobs.get<int>("a", 1, endless(started, ended));
    run_until(jobs, [&] {
        jobs.get<int>("a", 1, endless(started, ended));
        return started == 1;
    });
    const auto quick = [](const CancelToken&) { return 5; };
    run_until(jobs, [&] { return jobs.get<int>("a", 2, quick).is_current; });
    CHECK(ended == 1);
    CHECK(*jobs.get<int>("a", 2, quick).value == 5);
}

TEST_CASE("what nobody asks for any more is cancelled and forgotten") {
    std::atomic<int> started = 0;
    std::atomic<int> ended = 0;
    JobThread jobs([] {});
    jobs.get<int>("a", 1, endless(started, ended));
    jobs.get<int>("b", 1, endless(started, ended));
    run_until(jobs, [&] { return ended == 1; });
    CHECK(started == 1);  // the second was forgotten before it began
    CHECK_FALSE(jobs.is_busy());
}

TEST_CASE("an Error is told, and the next version may be better") {
    JobThread jobs([] {});
    const auto fail = [](const CancelToken&) -> int { throw Error("lens", "", "a model", "none"); };
    run_until(jobs, [&] { return !jobs.get<int>("a", 1, fail).problem.empty(); });
    const Job<int> job = jobs.get<int>("a", 1, fail);
    CHECK(job.problem.find("expected a model") != std::string::npos);
    CHECK_FALSE(job.is_current);
    CHECK_FALSE(jobs.is_busy());
    run_until(jobs, [&] {
        return jobs.get<int>("a", 2, [](const CancelToken&) { return 1; }).is_current;
    });
    CHECK(jobs.get<int>("a", 2, fail).problem == "");
}

TEST_CASE("a Bug in the work is thrown where it is asked for") {
    JobThread jobs([] {});
    const auto fail = [](const CancelToken&) -> int {
        HEED_CHECK_EQ(1, 2);
        return 0;
    };
    bool was_thrown = false;
    run_until(jobs, [&] {
        try {
            jobs.get<int>("a", 1, fail);
        } catch (const Bug&) {
            was_thrown = true;
        }
        return was_thrown;
    });
    CHECK(was_thrown);
}

TEST_CASE("cancelling everything ends the work soon; the same version may be asked for again") {
    std::atomic<int> started = 0;
    std::atomic<int> ended = 0;
    JobThread jobs([] {});
    const auto ask_all = [&] {
        jobs.get<int>("a", 1, endless(started, ended));
        jobs.get<int>("b", 1, endless(started, ended));
    };
    ask_all();
    run_until(jobs, [&] {
        ask_all();
        return started == 1;
    });
    jobs.cancel_all();
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(jobs.is_busy());
    CHECK(jobs.get<int>("b", 1, endless(started, ended)).problem == "cancelled");
    run_until(jobs, [&] { return ended == 1; });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    CHECK(took.count() < 5.0);
    CHECK(started == 1);
    jobs.retry_cancelled();
    run_until(jobs, [&] {
        return jobs.get<int>("b", 1, [](const CancelToken&) { return 4; }).is_current;
    });
}

TEST_CASE("many versions of many jobs end with the newest of each") {
    std::mt19937 random(3);
    std::atomic<int> wakes = 0;
    JobThread jobs([&] { ++wakes; });
    std::uint64_t version = 0;
    for (int i = 0; i < 500; ++i) {
        ++version;
        for (const char* id : {"a", "b", "c"}) {
            if (random() % 3 == 0) continue;
            jobs.get<std::uint64_t>(id, version, [version](const CancelToken& cancel) {
                cancel.check();
                return version;
            });
        }
        jobs.end_frame();
        if (random() % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
        if (random() % 50 == 0) jobs.cancel_all();
    }
    ++version;
    for (const char* id : {"a", "b", "c"}) {
        const auto ask = [&] {
            return jobs.get<std::uint64_t>(id, version,
                                           [version](const CancelToken&) { return version; });
        };
        run_until(jobs, [&] { return ask().is_current; });
        CHECK(*ask().value == version);
    }
}

TEST_CASE("a thread may end while work is waiting") {
    std::atomic<int> started = 0;
    std::atomic<int> ended = 0;
    for (int i = 0; i < 20; ++i) {
        JobThread jobs([] {});
        jobs.get<int>("a", 1, endless(started, ended));
        jobs.get<int>("b", 1, endless(started, ended));
    }
    CHECK(started == ended);
}

TEST_SUITE_END();
