// Signing in, one's own page, staff accounts: node accounts.mjs BASE_URL DATA_DIR beside a running demo.
import { own } from "./own.mjs";

const { journey, close } = await own("accounts", process.argv);

await journey("A clerk signs in with a one-time password", async ({ kyodo, signIn, look, page, subject }) => {
  await kyodo("staff", "add", "mihon-shokuin@example.jp", "--name", "見本 新人", "--role", "staff");
  await signIn("mihon-shokuin@example.jp");
  await page.goto("/me");
  subject.equal("the page is one's own", await page.locator("h1").innerText(), "マイページ");
  await look("one's own page");
});

await close();
